#!/usr/bin/env bash
# Leiden with the constant Potts model against python3-igraph's, on the same graphs: time and quality. Takes some minutes.
#   tests/bench/leiden.sh [RUNS] [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/../.."
. deploy/needs.sh
need_dotnet
need_packages "the bench compares with igraph's Leiden" python3-igraph
runs=${1:-5}
# Until nothing improves may take igraph for ever on a graph without clear groups.
limit=${2:-300}
dotnet build tests/bench/groups -c Release --nologo -v q -clp:NoSummary
bench() { dotnet tests/bench/groups/bin/Release/net10.0/groups-bench.dll "$@"; }
graphs=$(mktemp -d)
trap 'rm -rf -- "$graphs"' EXIT

# VMs, groups, edges, share of the edges that are inside groups.
while read -r vms groups edges inside shares; do
  bench make "$vms" "$groups" "$edges" "$inside" "$graphs/graph"
  for share in $shares; do
    echo "== $vms VMs, $edges edges, $inside of them inside $groups groups, resolution $share of the mean weight"
    bench time "$graphs/graph" "$share" "$runs"
    timeout "$limit" /usr/bin/python3 -u tests/bench/leiden.py "$graphs/graph" "$share" "$runs" || echo "igraph was stopped after $limit s"
  done
done <<GRAPHS
1000 20 50000 0.5 0.2
10000 100 1000000 0.5 0.05 0.2
10000 100 1000000 0.1 0.05 0.2
GRAPHS
