#!/usr/bin/env bash
# From nothing to a running service: builds it, loads the example federation, replays real traffic, places the application, and moves
# it when a price changes. Stays up until Ctrl-C; with --exit it ends after the last step, with 0 only if every step did what it should.
# Its data goes with it, unless --data DIR says where to keep it.
set -euo pipefail
cd "$(dirname "$0")"
. deploy/needs.sh

usage() { echo "usage: $0 [--exit] [--data DIR]" >&2; exit 1; }
exit_after=false
data=
while [ $# -gt 0 ]; do
  case "$1" in
    --exit) exit_after=true ;;
    --data) [ $# -ge 2 ] && [ -n "$2" ] || usage; data=$2; shift ;;
    *) usage ;;
  esac
  shift
done

app=cg-8
port=${FEDERATION_PORT:-8080}
silo_port=${FEDERATION_SILO_PORT:-11111}
service=src/Federation.Silo/bin/Release/net10.0/Federation.Silo.dll
# Simulated moves take a fifth of what real ones were estimated to: slow enough to be watched.
pace=--Federation:SimulatedTimeScale=0.2
silo=
step() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
# The log is JSON, since it goes to a file.
fail() {
  echo "quickstart: $*" >&2
  [ -f "$work/service.log" ] && tail -n 20 "$work/service.log" | jq -Rr '. as $line | try (fromjson | "\(.Timestamp) \(.LogLevel) \(.Message)") catch $line' >&2
  exit 1
}
# How to start the service on its data another time.
start_again() {
  echo "dotnet $service --urls http://127.0.0.1:$port --Federation:Data=$data --Federation:SiloPort=$silo_port --Federation:Portal=true $pace"
}

if [ -n "$data" ]; then
  mkdir -p -- "$data"
  data=$(readlink -f -- "$data")
  if [ -n "$(ls -A -- "$data")" ]; then
    echo "quickstart: $data is not empty: the way from nothing needs an empty folder. If it is an earlier quickstart's, go on with its service:" >&2
    echo "  $(start_again)" >&2
    exit 1
  fi
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/federation.XXXXXX")
place=${data:-$work/data}
stop() {
  if [ -n "$silo" ] && kill -0 "$silo" 2>/dev/null; then kill "$silo"; wait "$silo" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT TERM

step "What is needed"
need_dotnet || exit 1
need_packages "the service is asked with curl, and its answers are read with jq" curl jq tzdata || exit 1
echo "The .NET SDK and the packages are there."

step "Build"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build src/Federation.Silo -c Release --nologo -v q || fail "the build failed"
./fedctl --help >/dev/null || fail "fedctl does not run"

step "Start the service on 127.0.0.1:$port, with an embedded database in $place"
mkdir -p -- "$place"
dotnet "$service" \
  --urls "http://127.0.0.1:$port" --Federation:Data="$place" --Federation:SiloPort="$silo_port" --Federation:Portal=true "$pace" >"$work/service.log" 2>&1 &
silo=$!
for _ in $(seq 120); do
  curl -sf "http://127.0.0.1:$port/health/ready" >/dev/null 2>&1 && break
  kill -0 "$silo" 2>/dev/null || fail "the service ended; is port $port or $silo_port taken? FEDERATION_PORT and FEDERATION_SILO_PORT name others"
  sleep 0.5
done
curl -sf "http://127.0.0.1:$port/health/ready" >/dev/null || fail "the service is not ready after a minute"
export FEDCTL_SERVER="http://127.0.0.1:$port"
FEDCTL_TOKEN=$(cat "$place/token")
export FEDCTL_TOKEN
echo "Ready."

step "Load the example federation, and see what its sites cost: fedctl site apply -f sites; fedctl site list"
./fedctl site apply -f sites
./fedctl site list

step "Submit an application of eight VMs: fedctl app apply -f sites/examples/cg-8.yaml"
./fedctl app apply -f sites/examples/cg-8.yaml

step "Replay a capture of a real MPI program (NAS CG, eight hosts): fedctl sensor run --replay --times 4"
echo "The capture is one window of 30 s long. Groups count once they have lasted two windows, so it is replayed four times over."
./fedctl sensor run --replay tests/captures/cg-a-8.pcap.gz --app "$app" --times 4

step "Who talks to whom: fedctl group list $app"
./fedctl group list "$app"
./fedctl group list "$app" -o json \
  | jq -e '[.groups[].members] == [["vm1","vm2","vm3","vm4"],["vm5","vm6","vm7","vm8"]]' >/dev/null \
  || fail "expected the groups vm1..vm4 and vm5..vm8, found: $(./fedctl group list "$app" -o json)"

# plan_expecting DECISION: makes a plan, shows it, and leaves its name in $plan
plan_expecting() {
  ./fedctl plan "$app" || [ $? -eq 2 ] || fail "no plan"
  plan=$(curl -s -H "Authorization: Bearer $FEDCTL_TOKEN" "$FEDCTL_SERVER/v1/plans?application=$app" \
    | jq -r --arg decision "$1" 'last | select(.decision == $decision) | .id')
  [ -n "$plan" ] || fail "expected the plan to say $1"
}

step "Where should it run? fedctl plan $app"
plan_expecting place

step "Place it: fedctl apply $plan --yes"
./fedctl apply "$plan" --yes
./fedctl vm list --app "$app"

site=$(curl -s -H "Authorization: Bearer $FEDCTL_TOKEN" "$FEDCTL_SERVER/v1/plans/$plan" | jq -r '[.placement[].site] | group_by(.) | max_by(length)[0]')
step "The price at $site rises tenfold: fedctl site get $site, edited; fedctl site apply -f"
./fedctl site get "$site" -o json | jq '(.spec // .) | .offers |= map(.price = (if (.price | type) == "array" then .price | map(.perHour = (.perHour | tonumber) * 10) else (.price | tonumber) * 10 end))' >"$work/$site.yaml"
./fedctl site apply -f "$work/$site.yaml"
./fedctl site list

step "Is it worth moving? fedctl plan $app"
plan_expecting migrate

step "Move: fedctl apply $plan --yes"
./fedctl apply "$plan" --yes
./fedctl vm list --app "$app"
./fedctl events | tail -n 12
curl -s -H "Authorization: Bearer $FEDCTL_TOKEN" "$FEDCTL_SERVER/v1/vms?application=$app" \
  | jq -e --arg site "$site" 'length == 8 and all(.[]; .at != null and .at.site != $site)' >/dev/null || fail "not every VM left $site"

step "Where to look next"
looks=("./fedctl top" "./fedctl site describe $site" "./fedctl traffic $app --period 10m" "./fedctl group describe $app" "./fedctl migration list" "./fedctl plan list --app $app" "./fedctl events")
echo "In another terminal, in this folder, this line first:"
echo "  export FEDCTL_SERVER=$FEDCTL_SERVER FEDCTL_TOKEN=\$(cat $place/token)"
printf '  %s\n' "${looks[@]}"
echo "In a browser, good once and for two minutes ('./fedctl portal open' makes another one): $(./fedctl portal open)"
echo "The API's description: $FEDCTL_SERVER/openapi/v1.json    Your own sites and applications: README.md"
if $exit_after; then
  # What is advertised has to show something.
  for look in "${looks[@]}"; do
    shown=$($look) || fail "'$look' does not work"
    [ "$(grep -c . <<<"$shown")" -ge 2 ] || fail "'$look' shows nothing: $shown"
  done
  exit 0
fi
if [ -n "$data" ]; then
  echo "The service runs until Ctrl-C. Its data stays in $data; start it again with:"
  echo "  $(start_again)"
else
  echo "The service runs until Ctrl-C, which deletes all that it knows: sites, application, traffic, plans and token (--data DIR keeps them)."
fi
wait "$silo"
