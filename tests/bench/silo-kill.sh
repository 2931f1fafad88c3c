#!/usr/bin/env bash
# How long callers are out when a silo of three is killed (-9) under load, many times, and when one is frozen; then many races of two plans for the
# last place. Runs the scenario tests with larger numbers; prints each outage, the median and the maximum. Some 5 minutes.
#
#   tests/bench/silo-kill.sh [KILLS] [RACES]
set -eu
cd "$(dirname "$0")/../.."
kills=${1:-20} races=${2:-1000}
out=$(mktemp)
trap 'rm -f "$out"' EXIT
project=tests/Federation.Scenarios/Federation.Scenarios.csproj
[ -n "${BUILT:-}" ] || dotnet build tests/Federation.Scenarios -c Release --nologo -v q >&2
run() { dotnet test --project $project -c Release --no-build --no-progress --filter-method "*$1" >&2; }
if [ "$kills" -gt 0 ]; then
  FEDERATION_SILO_KILLS=$kills FEDERATION_SILO_OUTAGES=$out run Silos_killed_or_frozen_under_load_lose_no_window_no_plan_and_no_place
  cat "$out"
  echo "plans under way: $(grep -c applied "$out") applied, $(grep -c failed "$out" || true) taken back"
  awk '$1 == "killed" { print $2 }' "$out" | sort -n \
    | awk '{ a[NR] = $1 } END { m = NR % 2 ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2; printf "killed %d times: median %.2f s, max %.2f s\n", NR, m, a[NR] }'
fi
if [ "$races" -gt 0 ]; then
  FEDERATION_RACES=$races run Of_two_plans_over_the_same_last_place_exactly_one_wins_each_time_and_the_other_says_why
  echo "$races races for the last place: exactly one won each time"
fi
