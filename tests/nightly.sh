#!/bin/sh
# What the gate tries a share of: the state machines with as many random sequences as are given (300,000 if none), and 200 runs of a test cluster.
# All parts are run, whatever fails; the last line tells what did.
set -eu
cd "$(dirname "$0")/.."
sequences="${1:-300000}" runs="${2:-200}" batch=20 failed=""

say() { echo "$(date +%H:%M:%S) $*"; }

# part NAME PROJECT CLASS: its output is shown where it fails.
part() {
    say "$1 ..."
    if output=$(dotnet test --project "tests/$2/$2.csproj" -c Release --no-build --no-progress --filter-class "$3" 2>&1); then
        say "$1: holds"
    else
        echo "$output"
        say "$1: FAILS"
        failed="$failed; $1"
    fi
}

for project in Federation.Domain.Tests Federation.Grains.Tests; do
    dotnet build "tests/$project" -c Release --nologo -v q
done

dotnet build tests/Federation.Planning.Tests -c Release --nologo -v q
export FEDERATION_FUTURES=3000 FEDERATION_WORLDS=10000
part "known futures, 3,000 small worlds against all sequences" Federation.Planning.Tests '*.FuturesTests'
part "plans of 10,000 worlds" Federation.Planning.Tests '*.PlanWorldsTests'

export FEDERATION_SEQUENCES="$sequences"
for machine in SiteLedger PlanSaga Reconciliation ApplicationState; do
    part "$machine, $sequences sequences" Federation.Domain.Tests "*.${machine}Properties"
done

first=1
while [ "$first" -le "$runs" ]; do
    count=$((runs - first + 1 < batch ? runs - first + 1 : batch))
    export FEDERATION_CLUSTER_SEED="$first" FEDERATION_CLUSTER_RUNS="$count"
    part "runs $first to $((first + count - 1)) of $runs" Federation.Grains.Tests '*.ClusterRuns'
    first=$((first + count))
done

say "the package for programs of users' own ..."
if output=$(tests/client-package.sh 2>&1); then
    say "the package: holds"
else
    echo "$output"
    say "the package: FAILS"
    failed="$failed; the package"
fi

if [ -n "$failed" ]; then
    say "failed: ${failed#; }"
    exit 1
fi

say "all parts hold"
