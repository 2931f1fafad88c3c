#!/usr/bin/env bash
# How long a host's kernel takes to have the entries of a large network, as its agent tells it: all of them, one VM's place changed, and an agent that is started anew. Needs root.
#   tests/bench/overlay-entries.sh [ENTRIES [ROUNDS]]
set -euo pipefail
cd "$(dirname "$0")/../.."
. deploy/needs.sh
need_dotnet
need_packages "agents tell the kernel by these" nftables iproute2
table=$(mktemp)
trap 'rm -f -- "$table"' EXIT
dotnet build tests/Federation.Scenarios -c Release --nologo -v q
FEDERATION_ENTRIES="${1:-10000}" FEDERATION_ENTRIES_ROUNDS="${2:-10}" FEDERATION_ENTRIES_TABLE="$table" \
  dotnet test --project tests/Federation.Scenarios/Federation.Scenarios.csproj -c Release --no-build --no-progress --filter-class '*.EntriesTests' >&2
python3 - "$table" "${1:-10000}" <<'PYTHON'
import csv
import statistics
import sys

rows = list(csv.reader(open(sys.argv[1])))
print(f"| {sys.argv[2]} entries, ms | median | least | most |\n| --- | --- | --- | --- |")
for what in dict.fromkeys(row[0] for row in rows):
    took = [float(row[1]) for row in rows if row[0] == what]
    print(f"| {what} | {statistics.median(took):.0f} | {min(took):.0f} | {max(took):.0f} |")
PYTHON
