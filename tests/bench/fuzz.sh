#!/usr/bin/env bash
# 10^6 mutated ingest bodies and 10^6 mutated capture files, fixed seed, through the real service and the real reader, in runs
# of 50,000. No 5xx, no other exception, bounded memory. The normal tests run the first 10,000 of each.
# Usage: tests/bench/fuzz.sh [FIRST [END]]
set -eu
cd "$(dirname "$0")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 FEDERATION_FUZZ=50000
dotnet build tests/Federation.Silo.Tests -c Release --nologo -v q
for ((first = ${1:-0}; first < ${2:-1000000}; first += FEDERATION_FUZZ)); do
  export FEDERATION_FUZZ_FIRST=$first
  dotnet test --project tests/Federation.Silo.Tests/Federation.Silo.Tests.csproj -c Release --no-build --no-progress -- \
    --filter-class Federation.Silo.Tests.Fuzz.FuzzTests | grep -E 'failed|passed|should|number' | tr '\n' ' '
  echo "from $first"
done
