#!/usr/bin/env bash
# What the peers of a VM notice of its moves between hosts of different networks, by the service; in turns with each of these the same guest moved by hand with QEMU alone over one
# bridge: pings of 10 ms without an answer, the longest pause of a TCP echo, how long no copy ran. Takes some 20 s for each pair of moves; needs root, QEMU and a kernel in /boot.
#   tests/bench/overlay-moves.sh [MOVES [FILE]]       FILE: keeps each move, a line, as docs/benchmarks/overlay-moves.csv
set -euo pipefail
cd "$(dirname "$0")/../.."
. deploy/needs.sh
need_dotnet
need_packages "the guest that asks is a kernel and one program" linux-image-cloud-amd64 cpio kmod gcc libc6-dev
table=$(mktemp)
trap 'rm -f -- "$table"' EXIT
echo "how,from,to,asker,lost,pause_ms,still_ms" >"$table"
dotnet build tests/Federation.Scenarios -c Release --nologo -v q
FEDERATION_ECHO_MOVES="${1:-20}" FEDERATION_ECHO_MOVES_TABLE="$table" \
  dotnet test --project tests/Federation.Scenarios/Federation.Scenarios.csproj -c Release --no-build --no-progress --filter-class '*.EchoMoveTests' >&2 || failed=$?
if [ -n "${2:-}" ]; then cp -- "$table" "$2"; fi
python3 - "$table" <<'PYTHON'
import csv
import statistics
import sys

rows = list(csv.DictReader(open(sys.argv[1])))
medians = {}
print("| moves | | median | least | most |\n| --- | --- | --- | --- | --- |")
for column, name in (("lost", "pings lost"), ("pause_ms", "longest pause of the echo, ms"), ("still_ms", "no copy ran, ms")):
    for how in ("by hand", "service"):
        values = [float(row[column]) for row in rows if row["how"] == how]
        if values:
            medians[how, column] = statistics.median(values)
            print(f"| {len(values)} {how} | {name} | {medians[how, column]:g} | {min(values):g} | {max(values):g} |")
if len(medians) == 6:
    ratio = medians["service", "pause_ms"] / medians["by hand", "pause_ms"]
    print(f"\nPings lost, median: {medians['service', 'lost']:g} (goal: 3 at most). Longest pause, service / by hand: {ratio:.2f} (goal: 2 at most)")
PYTHON
exit "${failed:-0}"
