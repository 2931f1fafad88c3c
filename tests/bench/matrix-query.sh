#!/usr/bin/env bash
# How long a matrix of 1,000 VMs over 10 windows takes through the HTTP API, and what a VM grain takes in memory.
# Loopback only; some two minutes. Usage: tests/bench/matrix-query.sh [postgres|sqlite], and "memory" for the grains
# ("memory 100000 postgres": as many, over PostgreSQL).
set -eu
cd "$(dirname "$0")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
. deploy/needs.sh
need_packages "PostgreSQL is measured" postgresql
dotnet build tests/bench/collector -c Release --nologo -v q
case ${1:-postgres} in
  memory) exec dotnet tests/bench/collector/bin/Release/net10.0/collector-bench.dll "$@" ;;
  *) exec dotnet tests/bench/collector/bin/Release/net10.0/collector-bench.dll query "${1:-postgres}" ;;
esac
