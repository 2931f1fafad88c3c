#!/bin/sh
# The property tests of the state machines, with as many random sequences as are given (300,000 if none): the gate tries a share of them.
set -eu
cd "$(dirname "$0")/.."
export FEDERATION_SEQUENCES="${1:-300000}"
dotnet build tests/Federation.Domain.Tests -c Release --nologo -v q
exec dotnet test --project tests/Federation.Domain.Tests/Federation.Domain.Tests.csproj -c Release --no-build --no-progress --filter-class '*Properties'
