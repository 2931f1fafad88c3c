#!/usr/bin/env bash
# How well greedy and Leiden find planted groups of 256 VMs: adjusted Rand index by group size, inter/intra and noise.
#   tests/bench/groups.sh [SEEDS]
set -euo pipefail
cd "$(dirname "$0")/../.."
. deploy/needs.sh
need_dotnet
dotnet build tests/bench/groups -c Release --nologo -v q -clp:NoSummary
exec dotnet tests/bench/groups/bin/Release/net10.0/groups-bench.dll recover "${1:-10}"
