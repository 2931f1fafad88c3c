#!/usr/bin/env bash
# How long nobody can write when PostgreSQL's primary is killed (-9) under the load of three silos and its synchronous standby is promoted 2 s later;
# that nothing answered is lost and no silo goes, each time. Runs the scenario test as often as it is told to; prints the single figures, the
# median and the maximum, in seconds from the beginning of the promotion. Some 40 s a run.
#
#   tests/bench/standby.sh [RUNS]      by default 10
set -eu
cd "$(dirname "$0")/../.."
runs=${1:-10}
out=$(mktemp)
trap 'rm -f "$out"' EXIT
[ -n "${BUILT:-}" ] || dotnet build tests/Federation.Scenarios -c Release --nologo -v q >&2
export FEDERATION_SILO_OUTAGES=$out
for run in $(seq "$runs"); do
  dotnet test --project tests/Federation.Scenarios/Federation.Scenarios.csproj -c Release --no-build --no-progress --filter-method "*Where_the_primary_is_killed_under_load*" >&2
  echo "run $run of $runs: load of the machine $(cut -d' ' -f1-3 /proc/loadavg)"
done

# Of the figures of one kind.
summary() {
  awk -v kind="$1" '$1 == kind { print $2 }' "$out" | sort -n | awk -v what="$2" '
    { a[NR] = $1; all = all " " $1 }
    END { if (NR) { m = NR % 2 ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2; printf "%s, %d times: median %.2f s, max %.2f s:%s\n", what, NR, m, a[NR], all } }'
}

summary promoted "every sensor's window is taken again"
summary submitted "an application submitted meanwhile is taken"
summary reading "the longest read"
