#!/usr/bin/env bash
# What the gate tries a share of, with real VMs on real hypervisors: 500 kill runs, 200 live moves of a guest that checks its memory, and an upgrade from another commit
# ($FEDERATION_BEFORE, else the one before this) while a VM moves. Takes a night.
#   tests/nightly-hosts.sh [--commit] [SEEDS [MOVES]]
# Each kill run adds a line to docs/benchmarks/kills.csv (or $FEDERATION_KILLS_LEDGER): seed, move, phase, the phase that was hit, victim, outcome, pause, time until it was
# settled, commit. The script goes on behind the last seed of that file, so that it can be ended and started again; remove the file to begin anew. With --commit each
# batch of lines is committed. A run that fails is a line as well, and the next one has a lab of its own. Needs root, QEMU, gcc, PostgreSQL.
set -euo pipefail
cd "$(dirname "$0")/.."
commits=false
if [ "${1:-}" = --commit ]; then commits=true; shift; fi
seeds="${1:-500}" moves="${2:-200}" batch=10 failed=0
ledger="$(realpath -m "${FEDERATION_KILLS_LEDGER:-docs/benchmarks/kills.csv}")"
project=tests/Federation.Scenarios
export FEDERATION_KILLS_LEDGER="$ledger" FEDERATION_COMMIT
FEDERATION_COMMIT=$(git rev-parse --short HEAD)

say() { echo "$(date +%H:%M:%S) $*"; }

# part NAME CLASS: its output is shown where it fails.
part() {
  if output=$(dotnet test --project "$project/Federation.Scenarios.csproj" -c Release --no-build --no-progress --filter-class "$2" 2>&1); then
    say "$1: holds"
  else
    echo "$output"
    say "$1: FAILS"
    failed=$((failed + 1))
  fi
}

last_seed() { if [ -f "$ledger" ]; then tail -n +2 "$ledger" | cut -d, -f1 | sort -n | tail -n 1; fi; }

dotnet build "$project" -c Release --nologo -v q

while next=$(($(last_seed | grep . || echo 0) + 1)) && [ "$next" -le "$seeds" ]; do
  runs=$((seeds - next + 1 < batch ? seeds - next + 1 : batch))
  export FEDERATION_KILL_FIRST="$next" FEDERATION_KILL_RUNS="$runs"
  part "kill runs $next to $((next + runs - 1)) of $seeds" '*.KillRuns'
  # One that failed before its first line would be tried for ever.
  if [ "$(last_seed | grep . || echo 0)" -lt "$next" ]; then
    [ -f "$ledger" ] || echo "seed,move,phase,hit_in,victim,outcome,pause_ms,settled_s,commit" >"$ledger"
    echo "$next,,,,,failed before it began,,,$FEDERATION_COMMIT" >>"$ledger"
  fi
  if $commits; then git add "$ledger"; git commit -q -m "Kill runs up to seed $(last_seed)" -- "$ledger"; fi
done

say "kill runs: $(tail -n +2 "$ledger" | cut -d, -f6 | sort | uniq -c | tr -s ' ' | paste -sd ';')"

export FEDERATION_MEMORY_MOVES="$moves"
part "$moves live moves of a guest that checks its memory" '*.MemoryMoveTests'

before=$(mktemp -d)
trap 'git worktree remove --force "$before" || true' EXIT
git worktree add -q --detach "$before" "${FEDERATION_BEFORE:-HEAD~1}"
for program in Silo Cli; do dotnet build "$before/src/Federation.$program" -c Release --nologo -v q; done
export FEDERATION_OTHER_BUILD="$before"
part "an upgrade from $(git -C "$before" rev-parse --short HEAD) while a VM moves" '*.UpgradeMoveTests'

if [ "$failed" -ne 0 ] || tail -n +2 "$ledger" | cut -d, -f6 | grep -q '^failed'; then
  say "not all of it holds"
  exit 1
fi

say "all of it holds"
