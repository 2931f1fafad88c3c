#!/usr/bin/env bash
# Some sites' silos over a PostgreSQL of their own, all on one machine, for anyone to try: up, status, kill one, up again, down.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$root/deploy/needs.sh"

# Where the site files are, and which of them have a silo; of a folder of one's own: all.
folder=${FEDERATION_SITES:-$root/sites}
sites=(rennes aws-eu-central-1 gcp-europe-west1)
[ "$folder" = "$root/sites" ] || mapfile -t sites < <(cd "$folder" && ls -- *.yaml | sed 's/\.yaml$//')
address=${FEDERATION_ADDRESS:-127.0.0.1}
work=${FEDERATION_HOME:-${TMPDIR:-/tmp}/federation-$(id -u)}
base=${FEDERATION_PORT:-18080} # PostgreSQL; the APIs are at +1, +2, +3 and so on, the silos' own ports at +11, +12, +13
program=${FEDERATION_PROGRAM:-$root/src/Federation.Silo/bin/Release/net10.0/Federation.Silo.dll}

usage() {
  cat <<TEXT
usage: $0 COMMAND
  up [SILO]         start PostgreSQL and every silo, or one, that does not run; the first time, load their sites
  status            what runs, where it answers, and the token
  kill SILO         end a silo as a power failure does (kill -9)
  down [--delete]   end all that was started; --delete: and forget everything
Silos: ${sites[*]}. Data: $work (FEDERATION_HOME). Ports: $base and up (FEDERATION_PORT). FEDERATION_PROGRAM: another version of the silo.
FEDERATION_SITES: another folder of site files, a silo for each (up to nine). FEDERATION_ADDRESS: where the APIs answer (127.0.0.1).
TEXT
}
fail() { echo "federation: $*" >&2; exit 1; }

number_of() {
  local i
  for i in "${!sites[@]}"; do [ "${sites[$i]}" = "$1" ] && { echo $((i + 1)); return; }; done
  fail "there is no silo '$1': it is one of ${sites[*]}"
}
address_of() { echo "http://$address:$((base + $(number_of "$1")))"; }
# All of them, as fedctl takes them: it goes on to the next where one is away.
servers() {
  local site
  for site in "${sites[@]}"; do address_of "$site"; done | paste -sd, -
}

# The pid of a silo that runs; a number that another program has got meanwhile is not it.
pid_of() {
  local pid
  pid=$(cat "$work/$1.pid" 2>/dev/null) || return 1
  tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qx -- "--Federation:Data=$work/$1" && echo "$pid"
}
is_ready() { curl -sf -m 5 "$(address_of "$1")/health/ready" >/dev/null 2>&1; }

# PostgreSQL refuses to run as root.
postgres() {
  local name=$1 as=()
  shift
  [ "$(id -u)" -ne 0 ] || as=(runuser -u postgres --)
  (cd / && "${as[@]}" "$(find /usr/lib/postgresql/*/bin -name "$name" | sort -V | tail -n 1)" "$@")
}
database_runs() { [ -d "$work/postgres/data" ] && postgres pg_ctl status -D "$work/postgres/data" >/dev/null 2>&1; }

start_database() {
  database_runs && return
  if [ ! -d "$work/postgres/data" ]; then
    mkdir -p "$work/postgres"
    head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$work/password"
    cp "$work/password" "$work/postgres/password"
    [ "$(id -u)" -ne 0 ] || chown -R postgres "$work/postgres"
    postgres initdb -D "$work/postgres/data" -U federation -A scram-sha-256 --pwfile="$work/postgres/password" -E UTF8 --locale=C >/dev/null
    rm -f "$work/postgres/password"
  fi
  postgres pg_ctl start -w -D "$work/postgres/data" -l "$work/postgres/log" \
    -o "-p $base -k $work/postgres -c listen_addresses=127.0.0.1 -c max_connections=200" >/dev/null \
    || fail "PostgreSQL did not start, is port $base taken? See $work/postgres/log"
  if [ ! -f "$work/database" ]; then
    PGPASSWORD=$(cat "$work/password") postgres createdb -h 127.0.0.1 -p "$base" -U federation federation
    echo "Host=127.0.0.1;Port=$base;Username=federation;Password=$(cat "$work/password");Database=federation" >"$work/database"
  fi
}

start_silo() {
  local site=$1 number
  number=$(number_of "$site")
  pid_of "$site" >/dev/null && return
  mkdir -p "$work/$site"
  cp "$work/token" "$work/$site/token"
  setsid dotnet "$program" --urls "$(address_of "$site")" "--Federation:Data=$work/$site" --Federation:Site="$site" \
    --Federation:SiloPort=$((base + 10 + number)) --Federation:DatabaseFile="$work/database" --Federation:Hypervisor="$work/hypervisor" \
    --Federation:Identity:KeyFile="$work/issuer.key" \
    >>"$work/$site.log" 2>&1 </dev/null &
  echo $! >"$work/$site.pid"
}

await_silo() {
  local _
  for _ in $(seq 240); do
    is_ready "$1" && return
    pid_of "$1" >/dev/null || fail "the silo of $1 ended; are its ports taken? The end of $work/$1.log: $(tail -n 5 "$work/$1.log")"
    sleep 0.5
  done
  fail "the silo of $1 is not ready after two minutes: see $work/$1.log"
}

up() {
  local wanted=("${@:-${sites[@]}}") site
  for site in "${wanted[@]}"; do number_of "$site" >/dev/null; done
  need_dotnet || exit 1
  need_packages "the silos' database is PostgreSQL; the silos are asked with curl, tokens signed with a key of openssl" postgresql curl openssl tzdata || exit 1
  [ -f "$program" ] || dotnet build "$root/src/Federation.Silo" -c Release --nologo -v q || fail "the build failed"
  mkdir -p "$work"
  # PostgreSQL's own user has to get through; nobody else gets to read what is in it.
  chmod 711 "$work"
  umask 077
  [ -f "$work/token" ] || head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$work/token"
  [ -f "$work/issuer.key" ] || openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/issuer.key" 2>/dev/null
  start_database
  for site in "${wanted[@]}"; do start_silo "$site"; done
  for site in "${wanted[@]}"; do await_silo "$site"; done
  if [ ! -f "$work/loaded" ] && [ "${#wanted[@]}" -eq "${#sites[@]}" ]; then
    for site in "${sites[@]}"; do
      FEDCTL_TOKEN=$(cat "$work/token") "$root/fedctl" site apply -f "$folder/$site.yaml" --server "$(address_of "${sites[0]}")"
    done
    touch "$work/loaded"
  fi
  status
}

status() {
  local site pid
  database_runs && echo "PostgreSQL          127.0.0.1:$base" || echo "PostgreSQL          down"
  for site in "${sites[@]}"; do
    if pid=$(pid_of "$site"); then
      printf '%-19s %s  pid %-8s %s\n' "$site" "$(address_of "$site")" "$pid" "$(is_ready "$site" && echo ready || echo 'not ready')"
    else
      printf '%-19s %s  down\n' "$site" "$(address_of "$site")"
    fi
  done
  [ ! -f "$work/token" ] || echo "Try: FEDCTL_SERVER=$(servers) FEDCTL_TOKEN=\$(cat $work/token) ./fedctl site list"
}

down() {
  local site pid
  for site in "${sites[@]}"; do
    if pid=$(pid_of "$site"); then kill "$pid"; fi
  done
  for site in "${sites[@]}"; do
    for _ in $(seq 60); do pid_of "$site" >/dev/null || break; sleep 0.5; done
    if pid=$(pid_of "$site"); then kill -9 "$pid"; fi
    rm -f "$work/$site.pid"
  done
  if database_runs; then postgres pg_ctl stop -w -m fast -D "$work/postgres/data" >/dev/null; fi
  echo "All that was started has ended."
  if [ "${1:-}" = --delete ]; then rm -rf "$work"; fi
}

case "${1:-}" in
  up) shift; up "$@" ;;
  status) status ;;
  kill)
    [ $# -eq 2 ] || { usage >&2; exit 1; }
    number_of "$2" >/dev/null
    pid=$(pid_of "$2") || fail "the silo of $2 does not run"
    kill -9 "$pid"
    echo "Killed the silo of $2, pid $pid."
    ;;
  down) shift; down "$@" ;;
  *) usage >&2; exit 1 ;;
esac
