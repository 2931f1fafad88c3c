#!/usr/bin/env bash
# From nothing to a running service: builds it, loads the example federation, replays real traffic, places the application, and moves
# it when a price changes. Stays up until Ctrl-C; with --exit it ends after the last step, with 0 only if every step did what it should.
set -euo pipefail
cd "$(dirname "$0")"
. deploy/needs.sh

exit_after=false
case "${1:-}" in
  "") ;;
  --exit) exit_after=true ;;
  *) echo "usage: $0 [--exit]" >&2; exit 1 ;;
esac

app=cg-8
port=${FEDERATION_PORT:-8080}
silo_port=${FEDERATION_SILO_PORT:-11111}
work=$(mktemp -d "${TMPDIR:-/tmp}/federation.XXXXXX")
silo=
step() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
fail() { echo "quickstart: $*" >&2; [ -f "$work/service.log" ] && tail -n 20 "$work/service.log" >&2; exit 1; }
stop() {
  if [ -n "$silo" ] && kill -0 "$silo" 2>/dev/null; then kill "$silo"; wait "$silo" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT TERM

step "What is needed"
need_dotnet || exit 1
need_packages "captures are read with libpcap, the service is asked with curl" libpcap0.8 curl jq tzdata || exit 1
echo "The .NET SDK and the packages are there."

step "Build"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build src/Federation.Silo -c Release --nologo -v q || fail "the build failed"
./fedctl --help >/dev/null || fail "fedctl does not run"

step "Start the service on 127.0.0.1:$port, with an embedded database in $work"
dotnet src/Federation.Silo/bin/Release/net10.0/Federation.Silo.dll \
  --urls "http://127.0.0.1:$port" --Federation:Data="$work" --Federation:SiloPort="$silo_port" >"$work/service.log" 2>&1 &
silo=$!
for _ in $(seq 120); do
  curl -sf "http://127.0.0.1:$port/health/ready" >/dev/null 2>&1 && break
  kill -0 "$silo" 2>/dev/null || fail "the service ended; is port $port or $silo_port taken? FEDERATION_PORT and FEDERATION_SILO_PORT name others"
  sleep 0.5
done
curl -sf "http://127.0.0.1:$port/health/ready" >/dev/null || fail "the service is not ready after a minute"
export FEDCTL_SERVER="http://127.0.0.1:$port"
FEDCTL_TOKEN=$(cat "$work/token")
export FEDCTL_TOKEN
echo "Ready."

step "Load the example federation: fedctl site apply -f sites"
./fedctl site apply -f sites
./fedctl site list

step "Submit an application of eight VMs: fedctl app apply -f sites/examples/cg-8.yaml"
./fedctl app apply -f sites/examples/cg-8.yaml

step "Replay a capture of a real MPI program (NAS CG, eight hosts): fedctl sensor run --replay"
./fedctl sensor run --replay tests/captures/cg-a-8.pcap.gz --app "$app"

step "Who talks to whom: fedctl group list $app"
./fedctl group list "$app"
groups=$(./fedctl group list "$app" -o json)
curl -s -H "Authorization: Bearer $FEDCTL_TOKEN" "$FEDCTL_SERVER/v1/applications/$app/groups" \
  | jq -e '[.windows[].groups[]] == [["vm1","vm2","vm3","vm4"],["vm5","vm6","vm7","vm8"]]' >/dev/null \
  || fail "expected the groups vm1..vm4 and vm5..vm8, found: $groups"

# plan_expecting DECISION: makes a plan, shows it, and leaves its name in $plan
plan_expecting() {
  ./fedctl plan "$app" || [ $? -eq 2 ] || fail "no plan"
  plan=$(curl -s -H "Authorization: Bearer $FEDCTL_TOKEN" "$FEDCTL_SERVER/v1/plans?application=$app" \
    | jq -r --arg decision "$1" 'last | select(.decision == $decision) | .id')
  [ -n "$plan" ] || fail "expected the plan to say $1"
}

step "Where should it run? fedctl plan $app"
plan_expecting place

step "Place it: fedctl apply $plan"
./fedctl apply "$plan"
./fedctl vm list --app "$app"

site=$(curl -s -H "Authorization: Bearer $FEDCTL_TOKEN" "$FEDCTL_SERVER/v1/plans/$plan" | jq -r '[.placement[].site] | group_by(.) | max_by(length)[0]')
step "The price at $site rises tenfold: fedctl site apply -f"
./fedctl site get "$site" -o json | jq '(.spec // .) | .offers |= map(.price = (if (.price | type) == "array" then .price | map(.perHour = (.perHour | tonumber) * 10) else (.price | tonumber) * 10 end))' >"$work/$site.yaml"
curl -s -o /dev/null -w '%{http_code}\n' -X PUT -H "Authorization: Bearer $FEDCTL_TOKEN" -H 'Content-Type: application/json' \
  --data-binary @"$work/$site.yaml" "$FEDCTL_SERVER/v1/sites/$site" | grep -qx 200 || fail "the new price was not taken"
echo "Taken."

step "Is it worth moving? fedctl plan $app"
plan_expecting migrate

step "Move: fedctl apply $plan"
./fedctl apply "$plan"
./fedctl vm list --app "$app"
./fedctl events | tail -n 12
curl -s -H "Authorization: Bearer $FEDCTL_TOKEN" "$FEDCTL_SERVER/v1/vms?application=$app" \
  | jq -e --arg site "$site" 'length == 8 and all(.[]; .at != null and .at.site != $site)' >/dev/null || fail "not every VM left $site"

step "Where to look next"
cat <<TEXT
  FEDCTL_SERVER=$FEDCTL_SERVER FEDCTL_TOKEN=\$(cat $work/token) ./fedctl top
  ./fedctl site describe $site    ./fedctl traffic $app --period 5m    ./fedctl migration list
  The API's description: $FEDCTL_SERVER/openapi/v1.json    Your own sites and applications: README.md
TEXT
if $exit_after; then exit 0; fi
echo "The service runs until Ctrl-C."
wait "$silo"
