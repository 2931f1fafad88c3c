#!/usr/bin/env bash
# Measures this version and another one in turns, on the same machine, so that what else runs there and slow spells meet both alike.
# The other version is a commit, built once beside this tree; where nothing is said its service gets the same load from this version's programs.
#
#   tests/bench/side-by-side.sh COMMIT ROUNDS ingest postgres|sqlite [WINDOWS]     reports/s, and the CPU time of service and database
#   tests/bench/side-by-side.sh COMMIT ROUNDS federation SILOS                     reads and posts a second
#   tests/bench/side-by-side.sh COMMIT ROUNDS kills [KILLS [FREEZES]]              time to the answer; each version's own scenario tests
#   tests/bench/side-by-side.sh COMMIT ROUNDS plans MEASURE ...                    time to plan, and CPU time; each version's own benchmarks
#
# Prints each run after "before" or "now". SIDE_BY_SIDE names the folder of the other version, by default beside this tree.
set -euo pipefail
cd "$(dirname "$0")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
. deploy/needs.sh
commit=$(git rev-parse --short "$1") rounds=$2 measure=$3
shift 3
now=$PWD before=${SIDE_BY_SIDE:-$(dirname "$PWD")/$(basename "$PWD")-$commit}
[ -d "$before" ] || git worktree add --detach "$before" "$commit" >&2
bench=tests/bench/collector/bin/Release/net10.0

build() { for tree in "$before" "$now"; do (cd "$tree" && dotnet build "$1" -c Release --nologo -v q >&2); done; }

# Of the version in a folder.
turn() {
  case $measure in
    ingest | federation) FEDERATION_BENCH_SERVICE=$1/$bench/Federation.Silo.dll dotnet "$now/$bench/collector-bench.dll" "$measure" "${@:2}" | grep -E '^(all|summary)|silos,|resident' ;;
    kills) (cd "$1" && BUILT=1 tests/bench/silo-kill.sh "${2:-5}" 0 "${3:-0}" 2>/dev/null | grep -E '^(killed|frozen) ') ;;
    plans)
      (cd "$1" && TIMEFORMAT='took %R s, %U s of CPU' && time dotnet tests/Federation.Benchmarks/bin/Release/net10.0/Federation.Benchmarks.dll "${@:2}") 2>&1 ;;
  esac
}

case $measure in
  ingest | federation) need_packages "PostgreSQL is measured" postgresql; build tests/bench/collector ;;
  kills) need_packages "the silos' database is PostgreSQL" postgresql; build tests/Federation.Scenarios ;;
  plans) build tests/Federation.Benchmarks ;;
  *) echo "ingest, federation, kills or plans, not $measure" >&2; exit 2 ;;
esac
for round in $(seq "$rounds"); do
  turn "$before" "$@" | sed "s/^/$round before ($commit): /"
  turn "$now" "$@" | sed "s/^/$round now: /"
done
