#!/usr/bin/env bash
# Runs the scenarios that ship with several seeds; one table each, the reports beside it.
#   tests/bench/backtest.sh FOLDER SCENARIO [SEED...]
set -euo pipefail
folder=$(mkdir -p "$1" && cd "$1" && pwd)
scenario=$2
shift 2
cd "$(dirname "$0")/../.."
for seed in "${@:-1}"; do
  { time ./fedctl simulate "sites/scenarios/$scenario.yaml" --seed "$seed" --out "$folder/$scenario-$seed.html" \
      >"$folder/$scenario-$seed.txt"; } 2>"$folder/$scenario-$seed.log"
  cat "$folder/$scenario-$seed.txt"
  grep real "$folder/$scenario-$seed.log"
done
