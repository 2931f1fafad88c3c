#!/usr/bin/env bash
# What one user, file or price change costs all others: three silos of three sites over one PostgreSQL, loopback only, a steady load of
# readers, health probes, sensors and another tenant's plans, and meanwhile, RUNS times on one federation,
#
#   a  a price change that touches 1,000 applications of 4 VMs
#   b  a price change that touches 200 applications of 16 VMs with traffic
#   c  100 exact plans of 30 s of one tenant at once
#   d  ten bodies of one sensor that come with 500 B/s
#   e  a site file of 60,000 offers
#
# Prints a row a run, the worst of them, and whether each goal is met; exit code 2 if one is not. all: one after another, each on a
# federation of its own. soak: all of them at once, in turns, on one federation; memory of each silo every minute, and all answers by status and
# reason. SCALE=0.05 makes the disturbances smaller: to see that it works. FEDERATION_BENCH_SERVICE names another version's Federation.Silo.dll.
# What the silos say goes to bounded-site*.log in BOUNDED_LOGS, /tmp unless it says otherwise.
#
#   tests/bench/bounded.sh [a|b|c|d|e|all] [RUNS=10]
#   tests/bench/bounded.sh soak [MINUTES=30]
set -eu
cd "$(dirname "$0")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
. deploy/needs.sh
need_packages "the silos' database is PostgreSQL" postgresql
dotnet build tests/bench/collector -c Release --nologo -v q
what=${1:-all}
if [ "$what" = soak ]; then number=${2:-30}; else number=${2:-10}; fi
exec dotnet tests/bench/collector/bin/Release/net10.0/collector-bench.dll bounded "$what" "$number"
