#!/usr/bin/env bash
# API requests a second, and how long they take, at one, two and three silos of as many sites over one PostgreSQL; the callers on the same
# machine. With tls the same by mutual TLS, at the API and between silos. Loopback only; some three minutes.
#
#   tests/bench/federation-load.sh [tls]
set -eu
cd "$(dirname "$0")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
. deploy/needs.sh
need_packages "the silos' database is PostgreSQL" postgresql
dotnet build tests/bench/collector -c Release --nologo -v q
for silos in 1 2 3; do dotnet tests/bench/collector/bin/Release/net10.0/collector-bench.dll federation $silos "$@"; done
