#!/usr/bin/env bash
# Makes the databases of this folder: make.sh CHECKOUT postgres|sqlite FOLDER, CHECKOUT being the service as of schema version 4
# (PostgreSQL) and 5 (SQLite), built (Federation.Silo, Federation.Cli). Leaves FOLDER/federation.sql and FOLDER/hypervisor.
set -euo pipefail
checkout=$(cd "$1" && pwd) kind=$2
mkdir -p "$3"; out=$(cd "$3" && pwd)
work=$(mktemp -d); chmod 755 "$work"
port=18480 pg=18432
silo=
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
end() { [ -z "$silo" ] || kill "$silo" 2>/dev/null || true; [ "$kind" = sqlite ] || runuser -u postgres -- "$bin/pg_ctl" stop -D "$work/pg/data" -m fast >/dev/null 2>&1 || true; rm -rf "$work"; }
trap end EXIT

settings=()
if [ "$kind" = postgres ]; then
  install -d -o postgres "$work/pg"
  runuser -u postgres -- "$bin/initdb" -D "$work/pg/data" -U federation -A trust -E UTF8 --locale=C >/dev/null
  runuser -u postgres -- "$bin/pg_ctl" start -D "$work/pg/data" -w -o "-p $pg -k $work/pg -c listen_addresses=127.0.0.1" -l "$work/pg/log" >/dev/null
  "$bin/createdb" -h 127.0.0.1 -p $pg -U federation federation
  settings=("--Federation:Database=Host=127.0.0.1;Port=$pg;Username=federation;Database=federation")
fi

dotnet "$checkout/src/Federation.Silo/bin/Release/net10.0/Federation.Silo.dll" --urls "http://127.0.0.1:$port" \
  --Federation:Data="$work/data" --Federation:SiloPort=18411 "${settings[@]}" >"$work/log" 2>&1 &
silo=$!
until curl -sf "http://127.0.0.1:$port/health/ready" >/dev/null; do kill -0 "$silo"; sleep 0.5; done
export FEDCTL_SERVER="http://127.0.0.1:$port" FEDCTL_TOKEN; FEDCTL_TOKEN=$(cat "$work/data/token")
fedctl() { dotnet "$checkout/src/Federation.Cli/bin/Release/net10.0/fedctl.dll" "$@"; }
get() { curl -s -H "Authorization: Bearer $FEDCTL_TOKEN" "$FEDCTL_SERVER/v1/$1"; }
call() { curl -sf -o /dev/null -X "$1" -H "Authorization: Bearer $FEDCTL_TOKEN" -H 'Content-Type: application/json' "$FEDCTL_SERVER/v1/$2" --data-binary "${3:-}"; }
plan() { fedctl plan "$1" >/dev/null || [ $? -eq 2 ]; get "plans?application=$1" | jq -r 'last.id'; }

mkdir "$work/sites"
cp "$checkout"/sites/{rennes,aws-eu-central-1,aws-us-east-1}.yaml "$work/sites"
sed -i -E '/^  (azure|gcp)-/d; s/price: \{ feed.*/price: 0.05/' "$work"/sites/*.yaml
sed -i -E 's/price: 0.05/price: 0.04/' "$work/sites/aws-eu-central-1.yaml"
fedctl site apply -f "$work/sites"
fedctl sensor token host1 --site rennes --host host1 >/dev/null
fedctl sensor token host2 --site aws-us-east-1 >/dev/null
fedctl token issue alice --role tenant --tenant astro --key "$work/data/issuer.key" >"$work/alice"
fedctl token revoke "$(fedctl token show "$work/alice" | grep -oE '[0-9a-f]{32}' | head -n 1)"

# Runs at rennes from the start, keeps its traffic for a day; its tenant's name has to be escaped.
cat >"$work/ring.yaml" <<Y
application: ring
tenant: bio@chem
objective: cost
remaining: 5h
retention: 1d
vms:
  - { vm: a, addresses: [10.42.1.1], vcpus: 1, memory: 2GiB, dirtyRate: 1MB/s, at: { site: rennes, offer: std-2 } }
  - { vm: b-1, addresses: [10.42.1.2], vcpus: 1, memory: 2GiB, dirtyRate: 1MB/s, at: { site: rennes, offer: std-2 } }
Y
fedctl app apply -f "$work/ring.yaml"
call PUT applications/ring/vms/a/host '{"host":"host1"}'

# An earlier life of the name cg-8, of another tenant, with traffic and a move; and a name that is gone.
sed 's/^tenant: astro/tenant: bio@chem/' "$checkout/sites/examples/cg-8.yaml" >"$work/first.yaml"
fedctl app apply -f "$work/first.yaml"
fedctl sensor run --replay "$checkout/tests/captures/cg-a-8.pcap.gz" --app cg-8 >/dev/null
fedctl apply "$(plan cg-8)" >/dev/null
fedctl app delete cg-8
sed 's/^application: ring/application: gone/; s/, at: {[^}]*}//; s/10.42.1/10.42.2/' "$work/ring.yaml" >"$work/gone.yaml"
fedctl app apply -f "$work/gone.yaml"
fedctl app delete gone

# cg-8 as it is: placed, a price risen tenfold, moved, and a plan that nobody applied.
fedctl app apply -f "$checkout/sites/examples/cg-8.yaml"
# The window of the replay begins after this life did.
sleep 75
fedctl sensor run --replay "$checkout/tests/captures/cg-a-8.pcap.gz" --app cg-8 >/dev/null
fedctl apply "$(plan cg-8)" >/dev/null
site=$(get 'vms?application=cg-8' | jq -r '.[0].at.site')
get "sites/$site" | jq '(.spec // .) | .offers |= map(.price = (if (.price | type) == "array" then .price | map(.perHour = (.perHour | tonumber) * 10) else (.price | tonumber) * 10 end))' >"$work/dear"
call PUT "sites/$site" "@$work/dear"
fedctl apply "$(plan cg-8)" >/dev/null
plan cg-8

for what in applications vms sites sensors plans?application=cg-8 events?limit=1000 audit revocations migrations?application=cg-8; do
  get "$what" >"$out/${what%%\?*}.json"
done
kill "$silo"; wait "$silo" || true; silo=
rm -rf "$out/hypervisor"; cp -r "$work/data/hypervisor" "$out/"
find "$out/hypervisor" -name '*.lock' -delete
if [ "$kind" = postgres ]; then
  "$bin/pg_dump" -h 127.0.0.1 -p $pg -U federation --inserts --no-owner federation | sed "/^[\\]/d" >"$out/federation.sql"
else
  python3 -c 'import sqlite3, sys; print("\n".join(sqlite3.connect(sys.argv[1]).iterdump()))' "$work/data/federation.db" >"$out/federation.sql"
fi
