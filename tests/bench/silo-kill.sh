#!/usr/bin/env bash
# How long callers are out when a silo of three is killed (-9) under load, many times, when one is frozen, and when the database is away for 20 s;
# then many races of two plans for the last place. Runs the scenario tests with larger numbers; prints each outage, the median and the
# maximum. Some 8 minutes.
#
#   tests/bench/silo-kill.sh [KILLS] [RACES] [FREEZES]      by default 20 1000 5; 0 leaves a part out
set -eu
cd "$(dirname "$0")/../.."
kills=${1:-20} races=${2:-1000} freezes=${3:-5}
out=$(mktemp)
trap 'rm -f "$out"' EXIT
project=tests/Federation.Scenarios/Federation.Scenarios.csproj
[ -n "${BUILT:-}" ] || dotnet build tests/Federation.Scenarios -c Release --nologo -v q >&2
run() { dotnet test --project $project -c Release --no-build --no-progress --filter-method "*$1" >&2; }

# Of the outages of one kind.
summary() {
  awk -v kind="$1" '$1 == kind { print $2 }' "$out" | sort -n | awk -v kind="$1" '
    { a[NR] = $1 }
    END { if (NR) { m = NR % 2 ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2; printf "%s %d times: median %.2f s, max %.2f s\n", kind, NR, m, a[NR] } }'
}

export FEDERATION_SILO_OUTAGES=$out
faults=Silos_killed_or_frozen_under_load_lose_no_window_no_plan_and_no_place
[ "$kills" -eq 0 ] || FEDERATION_SILO_KILLS=$kills FEDERATION_SILO_FREEZES=0 run $faults
[ "$freezes" -eq 0 ] || FEDERATION_SILO_KILLS=0 FEDERATION_SILO_FREEZES=$freezes run $faults
run While_the_database_is_away_for_20_s_reads_go_on_and_after_it_no_window_is_missing_and_no_silo_has_gone
cat "$out"
echo "plans under way: $(grep -c applied "$out" || true) applied, $(grep -c failed "$out" || true) taken back"
for kind in killed frozen reading writing; do summary $kind; done
if [ "$races" -gt 0 ]; then
  FEDERATION_RACES=$races run Of_two_plans_over_the_same_last_place_exactly_one_wins_each_time_and_the_other_says_why
  echo "$races races for the last place: exactly one won each time"
fi
