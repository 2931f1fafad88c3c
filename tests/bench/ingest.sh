#!/usr/bin/env bash
# How many reports the service takes: 10,000 VMs on 500 hosts, 20 peers each, all posted at once, window after window.
# Loopback only; some two minutes a database. Usage: tests/bench/ingest.sh [postgres|sqlite], and "store" for the stores alone.
set -eu
cd "$(dirname "$0")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
. deploy/needs.sh
need_packages "PostgreSQL is measured" postgresql
dotnet build tests/bench/collector -c Release --nologo -v q
case ${1:-postgres} in
  store) exec dotnet tests/bench/collector/bin/Release/net10.0/collector-bench.dll store ;;
  *) exec dotnet tests/bench/collector/bin/Release/net10.0/collector-bench.dll ingest "${1:-postgres}" ;;
esac
