#!/usr/bin/env bash
# What watching an interface costs: CPU seconds per million frames, and frames lost, of this project's capture backends and of tcpdump,
# softflowd, pmacct and a C loop over libpcap, one after another on the same veth traffic of 64-byte UDP frames. As root; some 3 minutes.
#
#   tests/bench/sensor-cost.sh [PAIRS] [FRAMES]
#
# Each observer watches one veth pair; bursts of FRAMES go over that pair and over another, unwatched one in turn, as fast as one sender can.
# "process" is what the observer's own processes used. "unobserved" is what the sender and the kernel's threads used for a burst on the other
# pair, and "all" what observer, sender and kernel used for one on the watched pair more than that: on a veth, filters run and copies are
# made in the sender's time. These are CPU times of threads, not of the machine: other work on it blurs them, but is not in them.
set -eu
cd "$(dirname "$0")/../.."
pairs=${1:-12} frames=${2:-300000}

if [ "${IN_NAMESPACE:-}" != yes ]; then
  . deploy/needs.sh
  need_packages "what the sensor is compared with" tcpdump softflowd pmacct libpcap-dev gcc libc6-dev iproute2 >&2
  [ -n "${BUILT:-}" ] || dotnet build tests/bench/SensorCost -c Release --nologo -v q >&2
  exec env IN_NAMESPACE=yes unshare --net "$0" "$pairs" "$frames"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gcc -O2 -o "$work/udpflood" tests/bench/udpflood.c
gcc -O2 -o "$work/pcapcount" tests/bench/pcapcount.c -lpcap
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
for pair in 0 1; do
  ip link add tap$pair type veth peer name vm$pair
  ip link set tap$pair up
  ip link set vm$pair up
done
printf 'daemonize: false\npcap_interface: tap0\naggregate: src_host, dst_host\nplugins: memory[m]\nimt_path[m]: %s/imt\nlogfile: %s/pmacct.log\n' \
  "$work" "$work" >"$work/pmacct.conf"

start() {
  rm -f "$work/out" "$work/pmacct.log"
  case $1 in
    kernel | ring | pcap) tests/bench/SensorCost/bin/Release/net10.0/SensorCost "$1" tap tap0 >"$work/out" 2>&1 & ;;
    c-loop) "$work/pcapcount" tap0 >"$work/out" 2>&1 & ;;
    tcpdump) tcpdump -i tap0 -w /dev/null >"$work/out" 2>&1 & ;;
    softflowd) softflowd -d -i tap0 -c "$work/ctl" -p "$work/pid" >"$work/out" 2>&1 & ;;
    pmacct) pmacctd -f "$work/pmacct.conf" >"$work/out" 2>&1 & ;;
  esac
  watcher=$!
  # Those that say when they are ready are waited for; the others are within two seconds.
  case $1 in kernel | ring | pcap | c-loop) until grep -qs ready "$work/out"; do sleep 0.1; done ;; esac
  sleep 2
}

# Nanoseconds of CPU of a process, its threads and its children.
used() {
  local pid
  for pid in $1 $(pgrep -P "$1"); do cat "/proc/$pid"/task/*/schedstat; done | awk '{ sum += $1 } END { printf "%.0f", sum }'
}

# Nanoseconds of CPU of the kernel's own threads for packets, which take over where there are too many.
kernel_threads() { for pid in $(pgrep ksoftirqd); do cat "/proc/$pid/schedstat"; done | awk '{ sum += $1 } END { printf "%.0f", sum }'; }

# Stops the observer and sets "lost" to what it says that it lost; "?" if it does not say.
stop() {
  case $1 in
    softflowd) softflowctl -c "$work/ctl" statistics >"$work/stat" 2>&1 || true ;;
    pmacct) kill -USR1 "$watcher"; sleep 1 ;;
  esac
  kill "$watcher"
  wait "$watcher" || true
  case $1 in
    kernel | ring | pcap | c-loop) lost=$(grep -o 'dropped=[0-9]*' "$work/out" | cut -d= -f2) ;;
    tcpdump) lost=$(awk '/dropped by kernel/ { print $1 }' "$work/out") ;;
    softflowd) lost=$(awk '/[Pp]ackets dropped by libpcap/ { print $NF }' "$work/stat") ;;
    pmacct) lost=$(grep -ohE 'dropped_packets=[0-9]+' "$work/pmacct.log" "$work/out" | tail -n 1 | cut -d= -f2) ;;
  esac
  lost=${lost:-?}
}

# burst PAIR: sets "sender" to the nanoseconds of sender and kernel, "own" to the observer's, "rate" to millions of frames a second.
burst() {
  local threads=$(kernel_threads) before=$(used "$watcher") sent
  sent=$(taskset -c 0 "$work/udpflood" "vm$1" "$frames")
  # What is still in a buffer is read and paid for too.
  sleep 0.3
  own=$(($(used "$watcher") - before))
  sender=$(($(cut -d' ' -f3 <<<"$sent") + $(kernel_threads) - threads))
  rate=$(awk '{ print $1 / $2 / 1e6 }' <<<"$sent")
}

summary='
  function median(v, n,   i, k, x) {
    for (i = 2; i <= n; i++) { x = v[i]; for (k = i - 1; k > 0 && v[k] > x; k--) v[k + 1] = v[k]; v[k + 1] = x }
    low = v[int((n + 3) / 4)]; high = v[n + 1 - int((n + 3) / 4)]
    return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
  }
  { base[NR] = $1 / frames; own[NR] = $3 / frames; kernel[NR] = ($2 - $1) / frames; all[NR] = ($2 - $1 + $3) / frames; rate[NR] = $4 }
  END {
    r = median(rate, NR); b = median(base, NR); o = median(own, NR); k = median(kernel, NR); a = median(all, NR)
    printf "%-10s %9.3f %12.3f %9.3f %8.3f   %.3f to %.3f\n", name, r, b / 1000, o / 1000, a / 1000, low / 1000, high / 1000
  }'

observers='kernel ring pcap c-loop tcpdump softflowd pmacct'
echo "# $(date -u +%F), $(uname -r), $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg), $pairs pairs of bursts of $frames frames of 64 bytes"
echo "CPU seconds per million frames: medians, and the quartiles of the last"
echo "observer   Mframes/s   unobserved   process      all   quartiles of all"
for name in $observers; do
  start $name
  # The first burst is left out: a sensor runs for months, and is compiled in the first seconds.
  burst 0
  for ((n = 0; n < pairs; n++)); do
    burst 1
    without=$sender
    burst 0
    echo "$without $sender $own $rate"
  done >"$work/$name"
  stop $name
  echo "$name one $(((pairs + 1) * frames)) $lost" >>"$work/lost"
  awk -v name=$name -v frames=$frames "$summary" "$work/$name"
done

# Two senders leave an observer no processor to itself.
for name in $observers; do
  start $name
  taskset -c 0 "$work/udpflood" vm0 $((3 * frames)) >"$work/sent" & first=$!
  taskset -c $(($(nproc) > 1)) "$work/udpflood" vm0 $((3 * frames)) >"$work/sent2"
  wait $first
  sleep 0.5
  stop $name
  echo "$name two $((6 * frames)) $lost" >>"$work/lost"
done
echo "lost, of frames sent:"
awk '{ key = $1; if (!(key in seen)) order[++n] = key; seen[key]; sent[key $2] = $3; lost[key $2] = $4 }
  function share(k) { return lost[k] == "?" ? "?" : sprintf("%d of %d (%.2f %%)", lost[k], sent[k], 100 * lost[k] / sent[k]) }
  END { for (i = 1; i <= n; i++) printf "%-10s one sender: %-28s two senders: %s\n", order[i], share(order[i] "one"), share(order[i] "two") }' "$work/lost"
