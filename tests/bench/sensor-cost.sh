#!/usr/bin/env bash
# What watching an interface costs: CPU seconds per million frames, and frames lost, of this project's capture backends and of tcpdump,
# softflowd, pmacct and a C loop over libpcap, one after another on the same veth traffic of 64-byte UDP frames. As root; some 5 minutes.
#
#   tests/bench/sensor-cost.sh [ROUNDS] [FRAMES]
#
# "process" is what the observer's own processes used. "whole" is what the whole machine used for the frames with the observer less what it
# used for them without: work that the kernel does for an observer is in it, whichever process it interrupted. Nothing else may run.
set -eu
cd "$(dirname "$0")/../.."
rounds=${1:-5} frames=${2:-2000000}

if [ "${IN_NAMESPACE:-}" != yes ]; then
  . deploy/needs.sh
  need_packages "what the sensor is compared with" tcpdump softflowd pmacct libpcap-dev gcc libc6-dev iproute2 >&2
  [ -n "${BUILT:-}" ] || dotnet build tests/bench/SensorCost -c Release --nologo -v q >&2
  exec env IN_NAMESPACE=yes unshare --net "$0" "$rounds" "$frames"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gcc -O2 -o "$work/udpflood" tests/bench/udpflood.c
gcc -O2 -o "$work/pcapcount" tests/bench/pcapcount.c -lpcap
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
ip link add tap0 type veth peer name vm0
ip link set tap0 up
ip link set vm0 up
printf 'daemonize: false\npcap_interface: tap0\naggregate: src_host, dst_host\nplugins: memory[m]\nimt_path[m]: %s/imt\nlogfile: %s/pmacct.log\n' \
  "$work" "$work" >"$work/pmacct.conf"

start() {
  case $1 in
    none) watcher=; return ;;
    kernel | ring | pcap) tests/bench/SensorCost/bin/Release/net10.0/SensorCost "$1" tap tap0 >"$work/out" 2>&1 & ;;
    c-loop) "$work/pcapcount" tap0 >"$work/out" 2>&1 & ;;
    tcpdump) tcpdump -i tap0 -w /dev/null >"$work/out" 2>&1 & ;;
    softflowd) softflowd -d -i tap0 -c "$work/ctl" -p "$work/pid" >"$work/out" 2>&1 & ;;
    pmacct) pmacctd -f "$work/pmacct.conf" >"$work/out" 2>&1 & ;;
  esac
  watcher=$!
  # All of them are ready well within two seconds; those that say so are waited for.
  case $1 in kernel | ring | pcap | c-loop) until grep -qs ready "$work/out"; do sleep 0.1; done ;; esac
  sleep 2
}

# Clock ticks that a process and its children have used.
ticks() {
  local pid
  for pid in $1 $(pgrep -P "$1"); do sed 's/.*) //' "/proc/$pid/stat"; done | awk '{ sum += $12 + $13 } END { print sum + 0 }'
}

# Clock ticks that the whole machine was not idle.
busy() { awk '/^cpu / { print $2 + $3 + $4 + $7 + $8 }' /proc/stat; }

# What the observer says that it lost, once it is stopped.
lost() {
  case $1 in
    none) echo 0; return ;;
    softflowd) softflowctl -c "$work/ctl" statistics >"$work/stat" 2>&1 || true ;;
    pmacct) kill -USR1 "$watcher"; sleep 0.5 ;;
  esac
  kill "$watcher"
  wait "$watcher" || true
  case $1 in
    kernel | ring | pcap | c-loop) grep -o 'dropped=[0-9]*' "$work/out" | cut -d= -f2 ;;
    tcpdump) awk '/dropped by kernel/ { print $1 }' "$work/out" ;;
    softflowd) grep -oE 'libpcap: [0-9]+ received, [0-9]+ dropped|dropped by libpcap: [0-9]+|[0-9]+ dropped' "$work/stat" | grep -oE '[0-9]+' | tail -n 1 || echo '?' ;;
    pmacct) grep -ohE 'dropped_packets=[0-9]+' "$work/pmacct.log" "$work/out" | tail -n 1 | cut -d= -f2 || echo '?' ;;
  esac
}

# run NAME SENDERS: one line "NAME SENDERS frames seconds process-ticks whole-ticks lost"
run() {
  local before used whole seconds pids=() each=$((frames / $2)) n
  rm -f "$work/out" "$work/pmacct.log"
  start "$1"
  before=$(busy)
  used=0
  [ -z "$watcher" ] || used=$(ticks "$watcher")
  for ((n = 0; n < $2; n++)); do taskset -c "$n" "$work/udpflood" vm0 "$each" >"$work/sent$n" & pids+=($!); done
  wait "${pids[@]}"
  seconds=$(sort -k2n "$work"/sent* | tail -n 1 | cut -d' ' -f2)
  # What is still in a buffer is read and paid for too.
  sleep 0.5
  whole=$(($(busy) - before))
  [ -z "$watcher" ] || used=$(($(ticks "$watcher") - used))
  echo "$1 $2 $((each * $2)) $seconds $used $whole $(lost "$1")"
  rm -f "$work"/sent*
}

hz=$(getconf CLK_TCK)
echo "# $(date -u +%F), $(uname -r), $(nproc) processors, $frames frames of 64 bytes, $rounds rounds" >&2
for ((round = 0; round < rounds; round++)); do
  for name in none kernel ring pcap c-loop tcpdump softflowd pmacct; do run "$name" 1; done
done >"$work/one"
for ((round = 0; round < (rounds + 1) / 2; round++)); do
  for name in none kernel ring pcap c-loop tcpdump softflowd pmacct; do run "$name" 2; done
done >"$work/two"

for file in one two; do
  [ $file = one ] && echo "One sender:" || echo "Two senders, which leave the observer no processor to itself:"
  awk -v hz="$hz" '
    function median(list,   n, v, i, k, x) {
      n = split(list, v, " ")
      for (i = 2; i <= n; i++) { x = v[i] + 0; for (k = i - 1; k > 0 && v[k] + 0 > x; k--) v[k + 1] = v[k]; v[k + 1] = x }
      return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
    }
    { if (!($1 in rate)) order[++names] = $1
      rate[$1] = rate[$1] " " $3 / $4 / 1e6; own[$1] = own[$1] " " $5 / hz / $3 * 1e6; all[$1] = all[$1] " " $6 / hz / $3 * 1e6
      lost[$1] += $7; sent[$1] += $3 }
    END {
      printf "%-10s %12s %22s %20s %12s\n", "observer", "Mframes/s", "process s/Mframes", "whole s/Mframes", "lost %"
      for (i = 1; i <= names; i++) {
        n = order[i]
        printf "%-10s %12.3f %22.3f %20.3f %12.3f\n", n, median(rate[n]), median(own[n]), median(all[n]) - median(all["none"]), 100 * lost[n] / sent[n]
      }
    }' "$work/$file"
  echo "raw (observer, senders, frames, seconds, process ticks, whole ticks, lost):"
  sed 's/^/  /' "$work/$file"
done
