#!/usr/bin/env bash
# What the peers of a VM notice when an agent, a silo or the database is gone for 5 s while they talk (pings of 10 ms, a TCP echo), with the VM where it is and while it moves.
# Then what is lost as one of two relays is cut off, and as the active one of two gateways is killed with its agent. Takes some 40 s for each case; needs root, QEMU and a kernel in /boot.
#   tests/bench/overlay-kills.sh [TIMES [FILE]]       FILE: keeps each case, a line, as docs/benchmarks/overlay-kills.csv
set -euo pipefail
cd "$(dirname "$0")/../.."
. deploy/needs.sh
need_dotnet
need_packages "the guest that asks is a kernel and one program" linux-image-cloud-amd64 cpio kmod gcc libc6-dev
table=$(mktemp)
trap 'rm -f -- "$table"' EXIT
echo "part,vm,move,lost,pause_ms,still_ms,seconds" >"$table"
dotnet build tests/Federation.Scenarios -c Release --nologo -v q
FEDERATION_ECHO_KILLS="${1:-3}" FEDERATION_ECHO_KILLS_TABLE="$table" \
  dotnet test --project tests/Federation.Scenarios/Federation.Scenarios.csproj -c Release --no-build --no-progress --filter-class '*.EchoKillTests' >&2 || failed=$?
if [ -n "${2:-}" ]; then cp -- "$table" "$2"; fi
python3 - "$table" <<'PYTHON'
import csv
import statistics
import sys

rows = list(csv.DictReader(open(sys.argv[1])))
print("| killed | the VM | times | moves | pings lost: median | most | longest pause, ms: median | most | the move took, s: median |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
for part, vm in dict.fromkeys((row["part"], row["vm"]) for row in rows):
    of = [row for row in rows if (row["part"], row["vm"]) == (part, vm)]
    lost, pause, took = ([float(row[column]) for row in of] for column in ("lost", "pause_ms", "seconds"))
    ends = ", ".join(f"{sum(row['move'] == end for row in of)} {end}" for end in dict.fromkeys(row["move"] for row in of) if end != "-") or "-"
    print(f"| {part} | {vm} | {len(of)} | {ends} | {statistics.median(lost):g} | {max(lost):g} | {statistics.median(pause):.0f} | {max(pause):.0f} | {statistics.median(took):.0f} |")
PYTHON
for _ in $(seq "${1:-3}"); do
  dotnet test --project tests/Federation.Scenarios/Federation.Scenarios.csproj -c Release --no-build --no-progress --output Detailed \
    --filter-method '*.Where_one_of_two_relays_is_lost*' --filter-method '*.A_VM_is_reached_from_outside*' | grep -E 'relay was cut|gateway and its agent killed|failed ' || true
done
exit "${failed:-0}"
