#!/usr/bin/env bash
# How much a sensor slows a real MPI program down: hpcc over Open MPI and TCP, one rank in each of N network namespaces on one bridge,
# run without a sensor and with each backend watching every rank's interface, in turn. As root.
#
#   tests/bench/mpi-slowdown.sh RANKS [ROUNDS] [MINUTES]
#
# A run takes at least 10 s, as many hpcc one after another as that takes. In every round there is one run without a sensor, one with each
# backend and a second one without: the difference of the two is the measurement's own spread. Ends early, with the rounds that it has, so
# as not to take longer than MINUTES. Nothing else may run.
set -eu
cd "$(dirname "$0")/../.."
ranks=$1 rounds=${2:-10} minutes=${3:-8} size=600
[ "$ranks" -eq 4 ] && size=1000

if [ "${IN_NAMESPACE:-}" != yes ]; then
  . deploy/needs.sh
  need_packages "an MPI program to be slowed down" hpcc openmpi-bin iproute2 >&2
  [ -x tests/bench/SensorCost/bin/Release/net10.0/SensorCost ] || dotnet build tests/bench/SensorCost -c Release --nologo -v q >&2
  # In a process namespace too: whatever happens, nothing that it starts outlives it.
  exec env IN_NAMESPACE=yes unshare --net --mount --propagation private --pid --fork --kill-child --mount-proc "$0" "$ranks" "$rounds" "$minutes"
fi

work=$(mktemp -d)
holders=()
trap 'kill "${holders[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
ip link set lo up
ip link add br0 type bridge
ip address add 10.8.0.254/24 dev br0
ip link set br0 up
hosts= taps=()
for ((n = 1; n <= ranks; n++)); do
  # A process holds each namespace; it has a host name of its own, or Open MPI takes all ranks for one machine's.
  unshare --net --uts sh -c "hostname rank$n; exec sleep infinity" & holders+=($!)
  until [ "$(nsenter -t ${holders[-1]} --uts hostname 2>/dev/null)" = "rank$n" ]; do sleep 0.05; done
  echo "${holders[-1]}" >"$work/10.8.0.$n"
  ip link add "tap$n" type veth peer name eth0 netns "${holders[-1]}"
  ip link set "tap$n" master br0
  ip link set "tap$n" up
  nsenter -t "${holders[-1]}" --net sh -c "ip link set lo up; ip address add 10.8.0.$n/24 dev eth0; ip link set eth0 up"
  hosts="$hosts${hosts:+,}10.8.0.$n" taps+=("tap$n")
done

# What stands in for ssh: AGENT HOST COMMAND...
cat >"$work/agent" <<EOF
#!/bin/sh
host=\$1
shift
exec nsenter -t "\$(cat "$work/\$host")" --net --uts sh -c "\$*"
EOF
chmod +x "$work/agent"

# hpcc: all of its parts, on a problem small enough for a run of some 10 s on two processors.
cat >"$work/hpccinf.txt" <<EOF
HPLinpack benchmark input file
Innovative Computing Laboratory, University of Tennessee
HPL.out      output file name (if any)
8            device out (6=stdout,7=stderr,file)
1            # of problems sizes (N)
$size        Ns
1            # of NBs
80           NBs
0            PMAP process mapping (0=Row-,1=Column-major)
1            # of process grids (P x Q)
2            Ps
$((ranks / 2))            Qs
16.0         threshold
1            # of panel fact
2            PFACTs (0=left, 1=Crout, 2=Right)
1            # of recursive stopping criterium
4            NBMINs (>= 1)
1            # of panels in recursion
2            NDIVs
1            # of recursive panel fact.
1            RFACTs (0=left, 1=Crout, 2=Right)
1            # of broadcast
1            BCASTs (0=1rg,1=1rM,2=2rg,3=2rM,4=Lng,5=LnM)
1            # of lookahead depth
1            DEPTHs (>=0)
2            SWAP (0=bin-exch,1=long,2=mix)
64           swapping threshold
0            L1 in (0=transposed,1=no-transposed) form
0            U  in (0=transposed,1=no-transposed) form
1            Equilibration (0=no,1=yes)
8            memory alignment in double (> 0)
##### This line (no. 32) is ignored (it serves as a separator). ######
0                               Number of additional problem sizes for PTRANS
1200 10000 30000                values of N
0                               number of additional blocking sizes for PTRANS
40 9 8 13 13 20 16 32 64        values of NB
EOF

hpcc_once() {
  rm -f "$work/hpccoutf.txt"
  (cd "$work" && timeout 120 mpirun --allow-run-as-root --host "$hosts" -np "$ranks" --mca plm_rsh_agent "$work/agent" \
    --mca plm_rsh_no_tree_spawn 1 --mca btl tcp,self --mca btl_tcp_if_include 10.8.0.0/24 --mca oob_tcp_if_include 10.8.0.0/24 \
    --mca pml ob1 --mca mpi_yield_when_idle 1 --oversubscribe hpcc >"$work/log" 2>&1) || { cat "$work/log" >&2; exit 1; }
  grep -q 'Success=1' "$work/hpccoutf.txt" || { tail -n 20 "$work/hpccoutf.txt" >&2; exit 1; }
}

# Seconds that one run takes.
once() {
  local start end n
  start=$(date +%s.%N)
  for ((n = 0; n < repeats; n++)); do hpcc_once; done
  end=$(date +%s.%N)
  awk -v a="$start" -v b="$end" 'BEGIN { printf "%.3f", b - a }'
}

# with NAME: seconds of a run with that backend, or without for "none" and "again".
with() {
  local watcher seconds
  case $1 in none | again) once; return ;; esac
  rm -f "$work/out"
  tests/bench/SensorCost/bin/Release/net10.0/SensorCost "$1" tap "${taps[@]}" >"$work/out" 2>&1 & watcher=$!
  until grep -qs ready "$work/out"; do sleep 0.1; done
  seconds=$(once)
  kill "$watcher"
  wait "$watcher"
  echo "$1: $(tail -n 1 "$work/out")" >>"$work/counted"
  echo "$seconds"
}

start=$SECONDS
repeats=1
hpcc_once
repeats=$(awk -v once="$(once)" 'BEGIN { n = int(10.2 / once); print n * once < 10.2 ? n + 1 : n }')
echo "# $(date -u +%F), $(uname -r), $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg): hpcc, $ranks ranks, N=$size; a run is $repeats times hpcc"
names=(none kernel ring pcap again)
echo "# seconds: ${names[*]}"
longest=0
for ((round = 0; round < rounds && SECONDS - start + longest < 60 * minutes - 5; round++)); do
  began=$SECONDS
  declare -A seconds=()
  # Each round begins with another one: whichever comes first may have the warmer machine.
  for ((n = 0; n < ${#names[@]}; n++)); do
    name=${names[$(((n + round) % ${#names[@]}))]}
    seconds[$name]=$(with "$name")
  done
  line=
  for name in "${names[@]}"; do line+="${seconds[$name]} "; done
  echo "$line"
  ((SECONDS - began > longest)) && longest=$((SECONDS - began))
done | tee "$work/rounds"
awk -v names="${names[*]}" '
  BEGIN { split(names, name, " ") }
  { for (c = 2; c <= NF; c++) ratio[c, NR] = 100 * ($c / (c < NF ? ($1 + $NF) / 2 : $1) - 1) }
  END {
    for (c = 2; c <= NF; c++) {
      for (i = 1; i <= NR; i++) v[i] = ratio[c, i]
      for (i = 2; i <= NR; i++) { x = v[i]; for (k = i - 1; k > 0 && v[k] > x; k--) v[k + 1] = v[k]; v[k + 1] = x }
      q = int((NR + 3) / 4)
      printf "slowdown, %-6s median %6.2f %%, quartiles %.2f and %.2f, from %.2f to %.2f; %d rounds\n", name[c],
        NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2, v[q], v[NR + 1 - q], v[1], v[NR], NR
    }
  }' "$work/rounds"
echo "last counted:"
tail -n 3 "$work/counted"
