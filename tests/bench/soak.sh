#!/usr/bin/env bash
# Three silos of three sites over one PostgreSQL under a steady load of readers, sensors and plans: memory of each silo every minute; fails if a
# silo ends, as one does that the others take for dead, or a request is refused. Loopback only. Usage: tests/bench/soak.sh [MINUTES], 30 of them
set -eu
cd "$(dirname "$0")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
. deploy/needs.sh
need_packages "the silos' database is PostgreSQL" postgresql
dotnet build tests/bench/collector -c Release --nologo -v q
exec dotnet tests/bench/collector/bin/Release/net10.0/collector-bench.dll soak "${1:-30}"
