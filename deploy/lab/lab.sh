#!/usr/bin/env bash
# A federation on one Linux machine: sites of some hosts, each host a network namespace with its agent and its sensor, real VMs, long lines between the sites.
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
root=$(readlink -f "$here/../..")
. "$root/deploy/needs.sh"
. "$here/program.sh"
. "$here/experiment.sh"

work=${FEDERATION_LAB:-/var/tmp/fedlab}
silos=10.200.0.1
port=18080
# Built by whoever is asked for it first, unless all has been built already, as in a gate.
program=("$root/fedctl")
[ -z "${FEDERATION_LAB_BUILT:-}" ] || program=(dotnet "$root/src/Federation.Cli/bin/Release/net10.0/fedctl.dll")

# What a lab is made of; what it was told when it was made is kept in its folder.
sites=(north south west) hosts=(4 4) rate=100 delay=0 encryption=off plain='' sensors=yes
if [ -s "$work/shape" ]; then . "$work/shape"; fi

usage() {
  cat <<TEXT
usage: $0 COMMAND
  up [OPTION...]                  build what is missing and start everything: silos, hosts, agents, sensors
    --rate MBIT                   the lines between two sites carry so many Mbit/s (100)
    --delay MS                    and take so many ms one way (0)
    --encrypt                     encrypt between sites
    --sites N                     so many sites, 1 to 3 (3)
    --hosts VCPUS[,VCPUS...]      the hosts of a site, by the vCPUs that VMs may have there (4,4)
    --plain SITE                  no overlay at that site: its VMs are on a bridge of their hosts
    --no-sensors                  nobody counts traffic
  run [STEPS]                     start a real MPI program on four VMs, find its groups, make its site dear, move the VMs, and check its result
  experiment [OPTION...]          start the program on four VMs, move two of them to another site by a plan, the next time back, and check what came of it
    --runs N                      so many times (1)
    --to FILE                     a line each is added there (experiment.csv among the lab's data)
    --no-groups                   do not wait until the communication group is found
  status                          what runs
  fedctl ARGUMENT...              ask the lab's service, as './fedctl' does elsewhere
  down                            end all of it and forget it
Data: $work (FEDERATION_LAB, at most 30 characters); namespaces are named after that folder, so that labs can be beside each other. Needs root. Six hosts
and four VMs take 6 GB of memory.
TEXT
}
fail() { echo "lab: $*" >&2; exit 1; }
step() { printf '\n\033[1m== %s\033[0m\n' "$*"; }

hosts_of() { local i; for i in "${!hosts[@]}"; do echo "$1-$((i + 1))"; done; }
all_hosts() { local site; for site in "${sites[@]}"; do hosts_of "$site"; done; }
space() { echo "${work##*/}-$1"; }
inside() { local name=$1; shift; ip netns exec "$(space "$name")" "$@"; }
number_of() { local i; for i in "${!sites[@]}"; do if [ "${sites[$i]}" = "$1" ]; then echo $((i + 1)); fi; done; }
address_of() { echo "10.20$(number_of "${1%-*}").0.$((10 + ${1##*-}))"; }
servers() { local i; for i in "${!sites[@]}"; do echo "http://$silos:$((port + i + 1))"; done | paste -sd, -; }
federation() {
  inside core env FEDERATION_HOME="$work/federation" FEDERATION_SITES="$work/sites" FEDERATION_ADDRESS="$silos" FEDERATION_PORT="$port" "$root/deploy/local/federation.sh" "$@"
}
fedctl() { inside core env FEDCTL_SERVER="$(servers)" FEDCTL_TOKEN="$(cat "$work/federation/token")" "${program[@]}" "$@"; }
# api PATH [OPTION...]: what is asked again and again, without a program that has to start for it.
api() {
  local path=$1
  shift
  inside core curl -sf -m 20 -H "Authorization: Bearer $(cat "$work/federation/token")" "$@" "http://$silos:$((port + 1))/v1/$path"
}

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
  local site number host
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
    # From a site to another one it is two of these.
    start "line-$site" "line-$site" "$work/link" core site "$rate" "$(awk -v ms="$delay" 'BEGIN { printf "%d", ms * 500 }')"
    ip -n "$(space "$site")" link add name lan type bridge
    ip -n "$(space "$site")" addr add "10.20$number.0.1/24" dev lan
    ip -n "$(space "$site")" link set dev lan up
    for host in $(hosts_of "$site"); do
      space_up "$host"
      wire "$site" "$host" "$host" eth0
      ip -n "$(space "$site")" link set dev "$host" master lan
      if [ "$site" = "$plain" ]; then
        ip -n "$(space "$host")" link add name br0 address "02:$(printf '%02x:%02x' "$number" "${host##*-}"):00:00:01" type bridge
        ip -n "$(space "$host")" link set dev eth0 master br0
        ip -n "$(space "$host")" link set dev br0 up
      fi
      ip -n "$(space "$host")" addr add "$(address_of "$host")/24" dev "$([ "$site" = "$plain" ] && echo br0 || echo eth0)"
      ip -n "$(space "$host")" route add default via "10.20$number.0.1"
    done
  done
}

# The files of this lab's sites: as those beside this script, with its lines.
sites_made() {
  local site other
  mkdir -p "$work/sites"
  for site in "${sites[@]}"; do
    sed -E "s/^(  [a-z]+: \{ latency: )[^,]*, bandwidth: [^,]*(, egress.*) \}/\1$(awk -v ms="$delay" 'BEGIN { print ms + 1 }')ms, bandwidth: ${rate}Mbps\2, encryption: $encryption }/" \
      "$here/sites/$site.yaml" > "$work/sites/$site.yaml"
    for other in "$here"/sites/*.yaml; do
      other=$(basename "$other" .yaml)
      [[ " ${sites[*]} " = *" $other "* ]] || sed -i "/^  $other: /d" "$work/sites/$site.yaml"
    done
    [ "${#sites[@]}" -gt 1 ] || sed -i '/^links:/d' "$work/sites/$site.yaml"
  done
}

tokens_made() {
  local host
  for host in $(all_hosts); do
    mkdir -p "$work/$host"
    fedctl host add "$host" --site "${host%-*}" > "$work/$host/host.token"
    if [ $sensors = yes ]; then fedctl sensor token "$host" --site "${host%-*}" --host "$host" > "$work/$host/sensor.token"; fi
  done
}

host_up() {
  local host=$1 site=${1%-*} folder="$work/$1" network bridge=''
  network="network: { address: $(address_of "$host") }"
  if [ "$site" = "$plain" ]; then network='' bridge=', bridge: br0'; fi
  cat > "$folder/host.yaml" <<YAML
site: $site
host: $host
server: "$(servers)"
tokenFile: $folder/host.token
state: $folder/agent
size: { vcpus: ${hosts[$((${host##*-} - 1))]}, memory: 2GiB, disk: 10GiB }
$network
qemu: { directory: $folder/vms, address: $(address_of "$host"), emulate: true$bridge }
YAML
  cat > "$folder/sensor.yaml" <<YAML
sensor: $host
server: "$(servers)"
tokenFile: $folder/sensor.token
state: $folder/sensor
capture: { taps: ["fv*"] }
discover: { service: 2s }
YAML
  start "agent-$host" "$host" "${program[@]}" host run --config "$folder/host.yaml"
  if [ $sensors = yes ]; then start "sensor-$host" "$host" "${program[@]}" sensor run --config "$folder/sensor.yaml"; fi
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
  [ "$(id -u)" -eq 0 ] || fail "network namespaces are made by root only"
  [ ${#work} -le 30 ] || fail "FEDERATION_LAB is '$work': sockets below it have bounded names, at most 30 characters"
  [ ! -e "/run/netns/$(space core)" ] || fail "it is up already, or was not ended: '$0 down' ends it"
  while [ $# -gt 0 ]; do
    case $1 in
      --rate) rate=${2:?--rate needs Mbit/s}; shift ;;
      --delay) delay=${2:?--delay needs ms}; shift ;;
      --encrypt) encryption=on ;;
      --sites) [[ ${2:-} =~ ^[1-3]$ ]] || fail "--sites is from 1 to 3"; sites=("${sites[@]:0:$2}"); shift ;;
      --hosts) IFS=, read -ra hosts <<< "${2:?--hosts needs the vCPUs of each}"; shift ;;
      --plain) plain=${2:?--plain needs a site}; shift ;;
      --no-sensors) sensors=no ;;
      *) usage >&2; exit 1 ;;
    esac
    shift
  done
  step "What is needed"
  need_dotnet || exit 1
  need_packages "the lab's hosts run VMs of their own, with Debian's MPI in them" iproute2 nftables ethtool jq curl openssl postgresql tzdata libpcap0.8 qemu-system-x86 qemu-utils \
    gcc libc6-dev busybox-static cpio zstd kmod openmpi-bin libopenmpi-dev linux-image-cloud-amd64 iputils-arping || exit 1
  if [ $encryption = on ]; then need_packages "hosts encrypt what they send to other sites" wireguard-go wireguard-tools || exit 1; fi
  mkdir -p "$work"
  declare -p sites hosts rate delay encryption plain sensors | sed 's/^declare [^ ]* //' > "$work/shape"
  [ -n "${FEDERATION_LAB_BUILT:-}" ] || dotnet build "$root/src/Federation.Silo" -c Release --nologo -v q > "$work/build.log" || fail "the build failed: see $work/build.log"
  "${program[@]}" --version > /dev/null
  gcc -O2 -o "$work/link" "$here/link.c"
  "$here/guest/build.sh" "$work/guest" > /dev/null
  echo "Guests are built: $(du -h "$work/guest/guest.cpio.zst" | cut -f1)B."

  step "${#sites[@]} sites of ${#hosts[@]} hosts; lines of $rate Mbit/s and $delay ms"
  network_up
  sites_made
  federation up
  tokens_made
  local host
  for host in $(all_hosts); do host_up "$host"; done
  await 120 "the agents" all_ready
  fedctl host list
}
all_ready() { [ "$(api hosts | jq '[.[] | select(.state == "ready")] | length')" -eq $((${#sites[@]} * ${#hosts[@]})) ]; }

status() {
  federation status
  local name
  for name in $(all_hosts | tr ' ' '\n' | sed 's/.*/agent-& sensor-&/'); do
    [ ! -e "$work/$name.log" ] || echo "$name $(runs "$name" && echo runs || echo down)"
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

# Sourced, it is what others build on.
[ "${BASH_SOURCE[0]}" = "$0" ] || return 0
case "${1:-}" in
  up) shift; up "$@" ;;
  run) shift; run "$@" ;;
  experiment) shift; experiment "$@" ;;
  status) status ;;
  fedctl) shift; fedctl "$@" ;;
  down) down ;;
  *) usage >&2; exit 1 ;;
esac
