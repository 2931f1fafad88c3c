#!/usr/bin/env bash
# One TCP stream, and packets of 64 bytes, between two hosts (namespaces with a router between them): over the overlay as an agent sets it up, as it is and encrypted, and over
# tunnels made by hand: the kernel's VXLAN with and without bridges and VMs, wireguard-go, and VXLAN in it. In turns, medians. Needs root, wireguard-tools and wireguard-go.
#   tests/bench/overlay-throughput.sh [ROUNDS [SECONDS [FILE]]]       FILE: keeps each stream, a line, as docs/benchmarks/overlay-throughput.csv
set -euo pipefail
cd "$(dirname "$0")/../.."
. deploy/needs.sh
need_dotnet
need_packages "tunnels are encrypted by WireGuard" wireguard-tools wireguard-go nftables iproute2
table=$(mktemp)
trap 'rm -f -- "$table"' EXIT
echo "how,mbit_per_s,packets_per_s" >"$table"
dotnet build tests/Federation.Scenarios -c Release --nologo -v q
FEDERATION_STREAMS="${1:-11}" FEDERATION_STREAM_SECONDS="${2:-3}" FEDERATION_STREAMS_TABLE="$table" \
  dotnet test --project tests/Federation.Scenarios/Federation.Scenarios.csproj -c Release --no-build --no-progress --filter-class '*.ThroughputTests' >&2
if [ -n "${3:-}" ]; then cp -- "$table" "$3"; fi
python3 - "$table" <<'PYTHON'
import csv
import statistics
import sys

rows = list(csv.DictReader(open(sys.argv[1])))
ways = list(dict.fromkeys(row["how"] for row in rows))


def values(how, column):
    return [float(row[column]) for row in rows if row["how"] == how]


print(f"| {len(values(ways[0], 'mbit_per_s'))} rounds | Mbit/s: median | least | most | packets/s: median | least | most |\n| --- | --- | --- | --- | --- | --- | --- |")
for how in ways:
    shown = [f"{figure:.0f}" for column in ("mbit_per_s", "packets_per_s") for figure in (statistics.median(values(how, column)), min(values(how, column)), max(values(how, column)))]
    print(f"| {how.replace(';', ',')} | {' | '.join(shown)} |")


def ratio(one, other, column):
    return statistics.median(a / b for a, b in zip(values(one, column), values(other, column)))


print("\n| medians of the rounds' ratios, goal 0.9 | stream | packets |\n| --- | --- | --- |")
for one, other in (("overlay", "plain VXLAN; bridge"), ("overlay", "plain VXLAN; device"), ("overlay; encrypted", "wireguard-go"), ("overlay; encrypted", "VXLAN in wireguard-go"), ("VXLAN in wireguard-go", "wireguard-go")):
    print(f"| {one.replace(';', ',')} over {other.replace(';', ',')} | {ratio(one, other, 'mbit_per_s'):.2f} | {ratio(one, other, 'packets_per_s'):.2f} |")
PYTHON
