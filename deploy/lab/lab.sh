#!/usr/bin/env bash
# A federation on one Linux machine: three sites of two hosts, each host a network namespace with its agent and its sensor, real VMs, long lines between the sites.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
root=$(readlink -f "$here/../..")
. "$root/deploy/needs.sh"

sites=(north south west)
work=${FEDERATION_LAB:-/var/tmp/fedlab}
silos=10.200.0.1
port=18080

usage() {
  cat <<TEXT
usage: $0 COMMAND
  up [--rate MBIT] [--delay MS]   build what is missing and start everything: silos, hosts, agents, sensors. Lines between the sites carry MBIT Mbit/s (100)
                                  and take MS ms one way (0)
  run [STEPS]                     start a real MPI program on four VMs, find its groups, make its site dear, move the VMs, and check its result
  status                          what runs
  fedctl ARGUMENT...              ask the lab's service, as './fedctl' does elsewhere
  down                            end all of it and forget it
Data: $work (FEDERATION_LAB, at most 30 characters). Needs root. Six hosts and four VMs take 6 GB of memory.
TEXT
}
fail() { echo "lab: $*" >&2; exit 1; }
step() { printf '\n\033[1m== %s\033[0m\n' "$*"; }

hosts_of() { echo "$1-1 $1-2"; }
all_hosts() { local site; for site in "${sites[@]}"; do hosts_of "$site"; done; }
space() { echo "fedlab-$1"; }
inside() { local name=$1; shift; ip netns exec "$(space "$name")" "$@"; }
number_of() { local i; for i in "${!sites[@]}"; do if [ "${sites[$i]}" = "$1" ]; then echo $((i + 1)); fi; done; }
address_of() { echo "10.20$(number_of "${1%-*}").0.$((10 + ${1##*-}))"; }
servers() { local i; for i in "${!sites[@]}"; do echo "http://$silos:$((port + i + 1))"; done | paste -sd, -; }
federation() {
  inside core env FEDERATION_HOME="$work/federation" FEDERATION_SITES="$here/sites" FEDERATION_ADDRESS="$silos" FEDERATION_PORT="$port" "$root/deploy/local/federation.sh" "$@"
}
fedctl() { inside core env FEDCTL_SERVER="$(servers)" FEDCTL_TOKEN="$(cat "$work/federation/token")" "$root/fedctl" "$@"; }

# start NAME WHERE COMMAND...: in the background, in a namespace; its number is kept so that it alone is ended.
start() {
  local name=$1 where=$2
  shift 2
  ! runs "$name" || return 0
  setsid ip netns exec "$(space "$where")" "$@" >> "$work/$name.log" 2>&1 < /dev/null &
  echo "$! $(stat -c %Y "/proc/$!")" > "$work/$name.pid"
}
runs() { local pid at; [ -s "$work/$1.pid" ] && read -r pid at < "$work/$1.pid" && [ "$(stat -c %Y "/proc/$pid" 2> /dev/null)" = "$at" ]; }
finish() {
  local pid at
  if runs "$1"; then read -r pid at < "$work/$1.pid"; kill "$pid" 2> /dev/null || true; while runs "$1"; do sleep 0.1; done; fi
  rm -f "$work/$1.pid"
}

# wire ONE ITS-NAME OTHER ITS-NAME: a pair of interfaces between two namespaces. Checksums are made, for frames that a program carries.
wire() {
  ip link add name "$2" netns "$(space "$1")" type veth peer name "$4" netns "$(space "$3")"
  inside "$1" ethtool -K "$2" tx off > /dev/null
  inside "$3" ethtool -K "$4" tx off > /dev/null
  ip -n "$(space "$1")" link set dev "$2" up
  ip -n "$(space "$3")" link set dev "$4" up
}
space_up() {
  ip netns add "$(space "$1")"
  ip -n "$(space "$1")" link set dev lo up
  inside "$1" sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
}

# core -- line -- router of a site -- its hosts
network_up() {
  local rate=$1 delay=$2 site number host
  space_up core
  ip -n "$(space core)" addr add "$silos/32" dev lo
  for site in "${sites[@]}"; do
    number=$(number_of "$site")
    space_up "$site"
    space_up "line-$site"
    wire core "$site" "line-$site" core
    wire "line-$site" site "$site" uplink
    ip -n "$(space core)" addr add "10.200.$number.1/24" dev "$site"
    ip -n "$(space "$site")" addr add "10.200.$number.2/24" dev uplink
    ip -n "$(space "$site")" route add default via "10.200.$number.1"
    ip -n "$(space core)" route add "10.20$number.0.0/24" via "10.200.$number.2"
    start "line-$site" "line-$site" "$work/link" core site "$rate" "$delay"
    ip -n "$(space "$site")" link add name lan type bridge
    ip -n "$(space "$site")" addr add "10.20$number.0.1/24" dev lan
    ip -n "$(space "$site")" link set dev lan up
    for host in $(hosts_of "$site"); do
      space_up "$host"
      wire "$site" "$host" "$host" eth0
      ip -n "$(space "$site")" link set dev "$host" master lan
      ip -n "$(space "$host")" addr add "$(address_of "$host")/24" dev eth0
      ip -n "$(space "$host")" route add default via "10.20$number.0.1"
    done
  done
}

host_up() {
  local host=$1 site=${1%-*} folder="$work/$1"
  mkdir -p "$folder"
  [ -s "$folder/host.token" ] || fedctl host add "$host" --site "$site" > "$folder/host.token"
  [ -s "$folder/sensor.token" ] || fedctl sensor token "$host" --site "$site" --host "$host" > "$folder/sensor.token"
  cat > "$folder/host.yaml" <<YAML
site: $site
host: $host
server: "$(servers)"
tokenFile: $folder/host.token
state: $folder/agent
size: { vcpus: 4, memory: 2GiB, disk: 10GiB }
network: { address: $(address_of "$host") }
qemu: { directory: $folder/vms, address: $(address_of "$host"), emulate: true }
YAML
  cat > "$folder/sensor.yaml" <<YAML
sensor: $host
server: "$(servers)"
tokenFile: $folder/sensor.token
state: $folder/sensor
capture: { taps: ["fv*"] }
discover: { service: 2s }
YAML
  start "agent-$host" "$host" dotnet "$root/src/Federation.Cli/bin/Release/net10.0/fedctl.dll" host run --config "$folder/host.yaml"
  start "sensor-$host" "$host" dotnet "$root/src/Federation.Cli/bin/Release/net10.0/fedctl.dll" sensor run --config "$folder/sensor.yaml"
}

await() {
  local seconds=$1 what=$2
  shift 2
  local end=$((SECONDS + seconds))
  until "$@" > /dev/null 2>&1; do
    [ $SECONDS -lt $end ] || fail "$what: not within $seconds s; see the logs in $work"
    sleep 1
  done
}

up() {
  local rate=100 delay=0
  while [ $# -gt 0 ]; do
    case $1 in
      --rate) rate=${2:?--rate needs Mbit/s} ;;
      --delay) delay=${2:?--delay needs ms} ;;
      *) usage >&2; exit 1 ;;
    esac
    shift 2
  done
  [ "$(id -u)" -eq 0 ] || fail "network namespaces are made by root only"
  [ ${#work} -le 30 ] || fail "FEDERATION_LAB is '$work': sockets below it have bounded names, at most 30 characters"
  [ ! -e "/run/netns/$(space core)" ] || fail "it is up already, or was not ended: '$0 down' ends it"
  step "What is needed"
  need_dotnet || exit 1
  need_packages "the lab's hosts run VMs of their own, with Debian's MPI in them" iproute2 nftables ethtool jq curl openssl postgresql tzdata libpcap0.8 qemu-system-x86 qemu-utils \
    gcc libc6-dev busybox-static cpio zstd kmod openmpi-bin libopenmpi-dev linux-image-cloud-amd64 iputils-arping || exit 1
  mkdir -p "$work"
  (cd "$root" && dotnet build src/Federation.Silo -c Release --nologo -v q && dotnet build src/Federation.Cli -c Release --nologo -v q) > "$work/build.log" || fail "the build failed: see $work/build.log"
  gcc -O2 -o "$work/link" "$here/link.c"
  "$here/guest/build.sh" "$work/guest" > /dev/null
  echo "Guests are built: $(du -h "$work/guest/guest.cpio.zst" | cut -f1)B."

  step "Three sites of two hosts; lines of $rate Mbit/s and $delay ms"
  network_up "$rate" "$(awk -v ms="$delay" 'BEGIN { printf "%d", ms * 1000 }')"
  federation up
  local host
  for host in $(all_hosts); do host_up "$host"; done
  await 120 "the agents" all_ready
  fedctl host list
}
all_ready() { [ "$(fedctl host list -o json | jq '[.[] | select(.state == "ready")] | length')" -eq 6 ]; }

status() {
  federation status
  local name
  for name in $(all_hosts | tr ' ' '\n' | sed 's/.*/agent-& sensor-&/'); do
    echo "$name $(runs "$name" && echo runs || echo down)"
  done
}

down() {
  local name site
  for name in $(all_hosts | tr ' ' '\n' | sed 's/.*/sensor-& agent-&/'); do finish "$name"; done
  if [ -e "/run/netns/$(space core)" ]; then federation down > /dev/null; fi
  for site in "${sites[@]}"; do finish "line-$site"; done
  # VMs outlive their agents: what still runs in a host's namespace is the lab's.
  for name in core "${sites[@]}" "${sites[@]/#/line-}" $(all_hosts); do
    if [ -e "/run/netns/$(space "$name")" ]; then
      ip netns pids "$(space "$name")" | xargs -r kill -9
      ip netns del "$(space "$name")"
    fi
  done
  rm -rf "$work"
  echo "All of the lab has ended."
}

application() {
  local guest="$work/guest" number
  cat <<YAML
application: mpi
tenant: astro
objective: cost
remaining: 50h
images:
  - { image: kernel, sha256: $(sha256sum < "$guest/vmlinuz" | cut -d' ' -f1), sources: ["file://$guest/vmlinuz"] }
  - { image: guest, sha256: $(sha256sum < "$guest/guest.cpio.zst" | cut -d' ' -f1), sources: ["file://$guest/guest.cpio.zst"] }
moves: { downtime: 300ms }
vms:
YAML
  for number in 1 2 3 4; do
    cat <<YAML
  - vm: vm$number
    vcpus: 1
    memory: 192MiB
    dirtyRate: 2MB/s
    kernel: { image: kernel, initrd: guest, arguments: "console=ttyS0 quiet panic=1 guest=vm$number ip=10.42.0.$number/24" }
    addresses: [10.42.0.$number]
YAML
  done
}
log_has() { fedctl vm log "mpi/$1" | grep -q "$2"; }
groups_found() { [ "$(fedctl group list mpi -o json | jq '[.groups[] | select(.members | length == 4)] | length')" -ge 1 ]; }
plan_of() { fedctl plan list --app mpi -o json | jq -er --arg decision "$1" 'map(select(.decision == $decision)) | last | .id'; }

run() {
  local rows=512 columns=512 steps=${1:-4000} expected plan
  [ -e "/run/netns/$(space core)" ] || fail "it is not up: '$0 up' first"
  step "What the program gives on this machine itself"
  mpicc -O2 -o "$work/heat" "$here/guest/heat.c" -lm
  expected=$(cd "$work" && OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 mpirun --oversubscribe -n 4 ./heat $rows $columns "$steps" | sed -n 's/^heat: result \([0-9a-f]*\).*/\1/p')
  echo "heat $rows $columns $steps: $expected"

  step "An application of four VMs, where it is cheapest"
  application > "$work/mpi.yaml"
  fedctl app apply -f "$work/mpi.yaml"
  fedctl plan mpi || [ $? -eq 2 ] || fail "no plan"
  plan=$(plan_of place) || fail "the plan does not say where to place it"
  fedctl apply "$plan" --yes
  for vm in vm1 vm2 vm3 vm4; do await 120 "the start of $vm" log_has $vm "is up after"; done
  fedctl vm list --app mpi

  step "The program runs on all four"
  echo "mpirun -n 4 -host 10.42.0.1,10.42.0.2,10.42.0.3,10.42.0.4 heat $rows $columns $steps" | fedctl vm console mpi/vm1 > /dev/null
  await 60 "the program's first step" log_has vm1 "heat: step"
  await 240 "its communication group" groups_found
  fedctl group list mpi

  step "Its site becomes dear"
  fedctl site get north -o json | jq '(.spec // .) | .offers |= map(.price = 5)' > "$work/north.yaml"
  fedctl site apply -f "$work/north.yaml"
  fedctl plan mpi || [ $? -eq 2 ] || fail "no plan"
  plan=$(plan_of migrate) || fail "the plan does not move it"
  fedctl apply "$plan" --yes
  fedctl migration list
  fedctl vm list --app mpi

  step "The end of the program"
  await 1200 "the program's result" log_has vm1 "heat: result"
  fedctl vm log mpi/vm1 | grep -a 'heat: result'
  log_has vm1 "heat: result $expected" || fail "the result is another one than $expected"
  echo "The result is that of this machine, bit for bit, and the VMs have moved while it was worked out."
}

case "${1:-}" in
  up) shift; up "$@" ;;
  run) shift; run "$@" ;;
  status) status ;;
  fedctl) shift; fedctl "$@" ;;
  down) down ;;
  *) usage >&2; exit 1 ;;
esac
