#!/usr/bin/env bash
# How long a change of one VM's place takes until all hosts of its application's network know it, and until a host to which the first VM comes has all of it: 1,000 agents ask the
# service by HTTP, over PostgreSQL. What a host does with its kernel is not in it. Loopback only; some minutes.
#
#   tests/bench/network.sh [HOSTS=1000] [VMS=10000] [CHANGES=40]
set -eu
cd "$(dirname "$0")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
. deploy/needs.sh
need_packages "the service's database is PostgreSQL" postgresql
dotnet build tests/bench/collector -c Release --nologo -v q
exec dotnet tests/bench/collector/bin/Release/net10.0/collector-bench.dll network "${1:-1000}" "${2:-10000}" "${3:-40}"
