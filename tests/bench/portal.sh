#!/usr/bin/env bash
# What the portal costs who looks, and who runs it, as rows of Markdown tables: an application of 1,000 VMs and 20,000 pairs in a real browser without a
# graphics processor (what a first load sends, how long it takes until it is drawn, how many frames are drawn while it is dragged), and 100 circuits that
# look at a federation in which prices change and VMs talk (processors and memory of the portal, processors of the silo). Silo and portal are processes of
# their own; all of it on loopback and on the same machine. Some five minutes; a machine that does something else gives other figures.
#
#   tests/bench/portal.sh                  all of it
#   tests/bench/portal.sh small            does it work: 200 VMs, 10 viewers, some seconds
#   tests/bench/portal.sh graph [VMS EDGES DRAWN RUNS]
#   tests/bench/portal.sh viewers [VIEWERS SECONDS]
set -eu
cd "$(dirname "$0")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
. deploy/needs.sh
need_packages "it looks at the portal in a browser" chromium
[ -n "${BUILT:-}" ] || dotnet build tests/bench/portal -c Release --nologo -v q >&2
bench() { dotnet tests/bench/portal/bin/Release/net10.0/portal-bench.dll "$@"; }
what=${1:-all}
[ $# -eq 0 ] || shift

echo "$(date -u +%F), $(nproc) processors, load $(cut -d' ' -f1-3 /proc/loadavg), $(chromium --version 2>/dev/null | tr -s ' ')"
printf '\n| what | figure |\n| --- | --- |\n'
case $what in
  all) bench graph 1000 20000 2000 20; bench viewers 100 60 ;;
  small) bench graph 200 2000 500 2; bench viewers 10 15 ;;
  graph) bench graph "${1:-1000}" "${2:-20000}" "${3:-2000}" "${4:-20}" ;;
  viewers) bench viewers "${1:-100}" "${2:-60}" ;;
  *) echo "portal.sh [all | small | graph | viewers]" >&2; exit 1 ;;
esac
