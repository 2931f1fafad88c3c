#!/usr/bin/env bash
# The experiment in full: an MPI program runs on four VMs, a plan of the service moves two of them one after another to another site while it runs, and its result is compared bit for bit.
# 20 runs each over lines of 100 Mbit/s, 1 Gbit/s, 20 Mbit/s, and 100 Mbit/s with 10 ms of delay. Some two hours, by estimate, on a machine that does nothing else.
#   tests/nightly-experiment.sh [--commit] [RUNS]
# Each run adds a line to docs/benchmarks/experiment.csv (or $FEDERATION_EXPERIMENT_LEDGER). The script does the runs that have no line yet, so that it can be ended and started again;
# take lines out to have their runs done again. Lines take turns, five runs each in one lab ($FEDERATION_EXPERIMENT_BATCH); with --commit each batch is committed.
# A run that fails is a line as well, and the next one has a lab of its own; what it saw is kept in $FEDERATION_EXPERIMENT_EVIDENCE (experiment-evidence).
# $FEDERATION_EXPERIMENT_LINES: other lines than these, each MBIT:MS. The lab is in $FEDERATION_LAB (/var/tmp/fl-night), beside any other. Needs what deploy/lab/README.md says.
set -euo pipefail
cd "$(dirname "$0")/.."
commits=false
if [ "${1:-}" = --commit ]; then commits=true; shift; fi
runs="${1:-20}" batch="${FEDERATION_EXPERIMENT_BATCH:-5}"
read -ra lines <<<"${FEDERATION_EXPERIMENT_LINES:-100:0 1000:0 20:0 100:10}"
ledger="$(realpath -m "${FEDERATION_EXPERIMENT_LEDGER:-docs/benchmarks/experiment.csv}")"
evidence="$(realpath -m "${FEDERATION_EXPERIMENT_EVIDENCE:-experiment-evidence}")"
export FEDERATION_LAB="${FEDERATION_LAB:-/var/tmp/fl-night}" FEDERATION_COMMIT
FEDERATION_COMMIT=$(git rev-parse --short HEAD 2>/dev/null || true)
lab=deploy/lab/lab.sh

say() { echo "$(date +%H:%M:%S) $*"; }

# Runs over a line that have one in the ledger, well or not.
made() { if [ -f "$ledger" ]; then awk -F, -v rate="${1%:*}" -v delay="${1#*:}" '$1 == rate && $2 == delay' "$ledger" | wc -l; else echo 0; fi; }
left() { local line n=0; for line in "${lines[@]}"; do n=$((n + (runs > $(made "$line") ? runs - $(made "$line") : 0))); done; echo $n; }

# failed LINE WORDS RUNS: a run that added no line to so many has one all the same, and what silos, agents and VMs said is kept.
failed() {
  local kept vm
  kept="$evidence/${1%:*}-${1#*:}-$(date +%s)"
  if [ "$(made "$1")" -eq "$3" ]; then
    echo "${1%:*},${1#*:},$(($3 + 1)),failed: $(tail -n 1 <<<"$2" | tr ',' ';')$(printf ',%.0s' {1..29})$FEDERATION_COMMIT" >>"$ledger"
  fi
  mkdir -p "$kept"
  echo "$2" >"$kept/said"
  cp "$FEDERATION_LAB"/*.log "$FEDERATION_LAB"/federation/*.log "$FEDERATION_LAB"/*.vm? "$kept" 2>/dev/null || true
  for vm in 1 2 3 4; do timeout 60 $lab fedctl vm log "experiment/vm$vm" >"$kept/vm$vm" 2>&1 || true; done
  timeout 60 $lab fedctl migration list -o json >"$kept/migrations.json" 2>&1 || true
}

# over LINE RUNS: so many runs in one lab, fewer if one fails.
over() {
  local before words
  $lab down >/dev/null
  words=$($lab up --sites 2 --rate "${1%:*}" --delay "${1#*:}" 2>&1) || { echo "$words"; say "no lab"; return 1; }
  for _ in $(seq "$2"); do
    before=$(made "$1")
    [ "$before" -lt "$runs" ] || break
    if words=$($lab experiment --to "$ledger" ${FEDERATION_EXPERIMENT_OPTIONS:-} 2>&1); then
      say "${1%:*} Mbit/s, ${1#*:} ms: $(tail -n 1 "$ledger")"
    else
      echo "$words"
      failed "$1" "$words" "$before"
      say "${1%:*} Mbit/s, ${1#*:} ms: $(tail -n 1 "$ledger")"
      break
    fi
  done
  if $commits; then git add "$ledger"; git commit -q -m "The experiment: $(tail -n +2 "$ledger" | wc -l) runs" -- "$ledger"; fi
}

trap '$lab down >/dev/null || true' EXIT
trap 'exit 1' INT TERM
before_it=$(left)
while [ "$(left)" -gt 0 ]; do
  at=$(left)
  for line in "${lines[@]}"; do
    [ "$(made "$line")" -ge "$runs" ] || over "$line" "$batch" || exit 1
  done
  say "$(left) of $before_it runs are left"
  [ "$(left)" -lt "$at" ] || { say "no run came to an end"; exit 1; }
done

if awk -F, 'NR > 1 && $4 != "holds" { bad = 1 } END { exit !bad }' "$ledger"; then
  say "not all of it holds"
  exit 1
fi

say "all of it holds"
