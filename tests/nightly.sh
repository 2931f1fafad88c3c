#!/bin/sh
# What the gate tries a share of: the state machines with as many random sequences as are given (300,000 if none), and 200 runs of a test cluster.
set -eu
cd "$(dirname "$0")/.."
export FEDERATION_SEQUENCES="${1:-300000}" FEDERATION_CLUSTER_RUNS="${2:-200}"
dotnet build tests/Federation.Domain.Tests -c Release --nologo -v q
dotnet build tests/Federation.Grains.Tests -c Release --nologo -v q
dotnet test --project tests/Federation.Domain.Tests/Federation.Domain.Tests.csproj -c Release --no-build --no-progress --filter-class '*Properties'
exec dotnet test --project tests/Federation.Grains.Tests/Federation.Grains.Tests.csproj -c Release --no-build --no-progress --filter-class '*ClusterRuns'
