#!/usr/bin/env bash
# A live move as the service carries it out, beside QEMU that is driven by hand, in turns on the same hosts: how long the move takes from the beginning of the
# destination's process until it runs there, and how long the VM stands still; what the service estimated beside what it measured. Takes some minutes; needs root and QEMU.
#   tests/bench/live-move.sh [MOVES [FILE]]       FILE: keeps each move, a line, as docs/benchmarks/live-move.csv
set -euo pipefail
cd "$(dirname "$0")/../.."
. deploy/needs.sh
need_dotnet
moves=${1:-20}
table=$(mktemp)
trap 'rm -f -- "$table"' EXIT
echo "how,seconds,still_seconds,measured_seconds,measured_still_seconds,measured_bytes,estimated_seconds,estimated_still_seconds,estimated_bytes" >"$table"
dotnet build tests/Federation.Scenarios -c Release --nologo -v q
FEDERATION_LIVE_MOVES="$moves" FEDERATION_LIVE_MOVES_TABLE="$table" \
  dotnet test --project tests/Federation.Scenarios/Federation.Scenarios.csproj -c Release --no-build --no-progress --filter-class '*.LiveMoveTests' >&2
if [ -n "${2:-}" ]; then cp -- "$table" "$2"; fi
python3 - "$table" <<'PYTHON'
import csv
import statistics
import sys

rows = list(csv.reader(open(sys.argv[1])))[1:]


def column(how, number):
    return sorted(float(row[number]) for row in rows if row[0] == how and row[number])


def line(name, values, unit, factor=1):
    shown = [f"{factor * value:.4g}" for value in (statistics.median(values), values[0], values[-1])] if values else ["-"] * 3
    print(f"| {name} | {' | '.join(shown)} | {unit} |")
    return statistics.median(values) if values else None


print(f"| {len(column('service', 1))} moves | median | least | most | unit |\n| --- | --- | --- | --- | --- |")
hand, took = (line(f"duration, {how}", column(how, 1), "s") for how in ("by hand", "service"))
hand_still, still = (line(f"standing still, {how}", column(how, 2), "ms", 1000) for how in ("by hand", "service"))
for what, measured, estimated, unit, factor in (("duration", 3, 6, "s", 1), ("standing still", 4, 7, "ms", 1000), ("bytes", 5, 8, "MB", 1e-6)):
    line(f"{what}, as the service measured it", column("service", measured), unit, factor)
    line(f"{what}, as the plan estimated it", column("service", estimated), unit, factor)
print(f"\nService / by hand, medians: duration {took / hand:.2f}, standing still {still / hand_still:.2f} (goal: 2)")
PYTHON
