#!/bin/sh
# Plans of ten thousand random worlds (or as many as are given), each held against the independent checker. A failing one is named.
set -eu
cd "$(dirname "$0")/../.."
export FEDERATION_WORLDS="${1:-10000}"
dotnet build tests/Federation.Planning.Tests -c Release --nologo -v q
exec dotnet test --project tests/Federation.Planning.Tests/Federation.Planning.Tests.csproj -c Release --no-build --no-progress \
    --show-live-output on --output Detailed --filter-class '*PlanWorldsTests'
