#!/usr/bin/env bash
# What the gate tries a share of, with real VMs on real hypervisors: 500 kill runs, 200 live moves of a guest that checks its memory, 20 changes of paths, and an upgrade from another commit
# ($FEDERATION_BEFORE, else the one before this) while a VM moves. Takes a night.
#   tests/nightly-hosts.sh [--commit] [SEEDS [MOVES]]
# Each kill run adds a line to docs/benchmarks/kills.csv (or $FEDERATION_KILLS_LEDGER): seed, move, phase, the phase that was hit, victim, outcome, pause, time until it was
# settled, time of the whole run, commit. The script does the seeds that have no line yet, so that it can be ended and started again; take a line out to have its seed done again, or the
# file to begin anew. With --commit each batch of lines is committed. A run that fails is a line as well, and the next one has a lab of its own; what it saw, and what silos and agents
# said, is kept in $FEDERATION_KILLS_EVIDENCE/SEED (kills-evidence). $FEDERATION_KILL_LABS (2) labs work beside each other. Needs root, QEMU, gcc, PostgreSQL.
set -euo pipefail
cd "$(dirname "$0")/.."
commits=false
if [ "${1:-}" = --commit ]; then commits=true; shift; fi
seeds="${1:-500}" moves="${2:-200}" batch=25 failed=0
ledger="$(realpath -m "${FEDERATION_KILLS_LEDGER:-docs/benchmarks/kills.csv}")"
project=tests/Federation.Scenarios
export FEDERATION_KILLS_LEDGER="$ledger" FEDERATION_COMMIT FEDERATION_KILL_FIRST=1
export FEDERATION_KILLS_EVIDENCE="${FEDERATION_KILLS_EVIDENCE:-$PWD/kills-evidence}"
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

# Of the wanted seeds those that have a line, one a line of output.
done_seeds() { if [ -f "$ledger" ]; then tail -n +2 "$ledger" | cut -d, -f1 | awk -v most="$seeds" '$1 <= most' | sort -n; fi; }

missing() { comm -23 <(seq "$seeds" | sort) <(done_seeds | sort) | sort -n; }

dotnet build "$project" -c Release --nologo -v q

while left=$(missing | wc -l) && [ "$left" -gt 0 ]; do
  first=$(missing | head -n 1)
  export FEDERATION_KILL_RUNS=$((left < batch ? left : batch))
  part "$FEDERATION_KILL_RUNS kill runs from $first on, $left of $seeds are left" '*.KillRuns'
  # One that failed before its first line would be tried for ever.
  if [ "$(missing | wc -l)" -eq "$left" ]; then
    [ -f "$ledger" ] || echo "seed,move,phase,hit_in,victim,outcome,pause_ms,settled_s,run_s,commit" >"$ledger"
    echo "$first,,,,,failed before it began,,,,$FEDERATION_COMMIT" >>"$ledger"
  fi
  if $commits; then git add "$ledger"; git commit -q -m "Kill runs: $(done_seeds | wc -l) of $seeds" -- "$ledger"; fi
done

say "kill runs: $(tail -n +2 "$ledger" | cut -d, -f6 | sort | uniq -c | tr -s ' ' | paste -sd ';')"

export FEDERATION_MEMORY_MOVES="$moves"
part "$moves live moves of a guest that checks its memory" '*.MemoryMoveTests'

export FEDERATION_PATH_CHANGES=20
part "$FEDERATION_PATH_CHANGES changes from a relay to the direct path and back, under load" '*.RelayTests'

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
