#!/usr/bin/env bash
# How much a sensor slows a real MPI program down: LAMMPS (molecular dynamics, a Lennard-Jones melt) over Open MPI and TCP, one rank in
# each of N network namespaces on one bridge, without a sensor and with each backend watching every rank's interface, in turn. As root.
#
#   [STEPS=N] tests/bench/mpi-slowdown.sh RANKS [ROUNDS] [MINUTES] [OBSERVER...]
#
# The program runs once; what is timed are stretches of it of some 10 s (or of N steps), between which it waits for the observer to
# be exchanged. In every round there is one stretch without, one with each observer (kernel, ring, pcap unless told otherwise), and a second
# one without: the difference of these two is the measurement's own spread. Ends early, with the rounds that it has, so as not to take longer
# than MINUTES. Nothing else should run; ranks and sensor have the highest priority, so that what does disturbs little.
set -eu
cd "$(dirname "$0")/../.."
ranks=$1 rounds=${2:-10} minutes=${3:-8}
shift $(($# < 3 ? $# : 3))
observers=("${@:-kernel}")
[ $# -gt 0 ] || observers=(kernel ring pcap)

if [ "${IN_NAMESPACE:-}" != yes ]; then
  . deploy/needs.sh
  need_packages "an MPI program to be slowed down" lammps openmpi-bin iproute2 >&2
  [ -x tests/bench/SensorCost/bin/Release/net10.0/SensorCost ] || dotnet build tests/bench/SensorCost -c Release --nologo -v q >&2
  # In a process namespace too: whatever happens, nothing that it starts outlives it. Before anything else that runs on the machine: ranks and
  # sensor alike, so that only they compete.
  exec nice -n -20 env IN_NAMESPACE=yes unshare --net --mount --propagation private --pid --fork --kill-child --mount-proc "$0" "$ranks" "$rounds" "$minutes" "${observers[@]}"
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

# What stands in for ssh: AGENT HOST COMMAND... A rank stays on one processor: where they wander, a stretch takes 10 % more or less.
cat >"$work/agent" <<EOF
#!/bin/sh
host=\$1
shift
exec taskset -c \$((\${host##*.} % $(nproc))) nsenter -t "\$(cat "$work/\$host")" --net --uts sh -c "\$*"
EOF
chmod +x "$work/agent"

# The melt, of 32,000 atoms: after it has settled, stretches of as many steps as take 10 s, each when the file go.N comes.
cat >"$work/melt" <<'EOF'
units lj
lattice fcc 0.8442
region box block 0 20 0 20 0 20
create_box 1 box
create_atoms 1 box
mass 1 1.0
velocity all create 1.44 87287
pair_style lj/cut 2.5
pair_coeff 1 1 1.0 1.0 2.5
fix 1 all nve
thermo 0
run 100
shell date +%s.%N >begin.0
run 100
shell date +%s.%N >end.0.new; mv end.0.new end.0
shell until [ -f steps ]; do sleep 0.1; done
variable steps file steps
variable n loop 1000
label again
shell until [ -f go.${n} ]; do sleep 0.1; done
shell date +%s.%N >begin.${n}
run ${steps}
shell date +%s.%N >end.${n}.new; mv end.${n}.new end.${n}
next n
jump SELF again
EOF
(cd "$work" && exec mpirun --allow-run-as-root --host "$hosts" -np "$ranks" --mca plm_rsh_agent "$work/agent" \
  --mca plm_rsh_no_tree_spawn 1 --mca btl tcp,self --mca btl_tcp_if_include 10.8.0.0/24 --mca oob_tcp_if_include 10.8.0.0/24 \
  --mca pml ob1 --bind-to none --mca mpi_yield_when_idle 1 --oversubscribe lmp -in "$work/melt" -log "$work/log.lammps" >"$work/said" 2>&1) &

# await N: waits until a stretch has ended, and sets "seconds" to what it took.
await() {
  local tries
  for ((tries = 0; tries < 600; tries++)); do [ -f "$work/end.$1" ] && break || sleep 0.2; done
  [ -f "$work/end.$1" ] || { tail -n 20 "$work/said" >&2; exit 1; }
  seconds=$(paste -d' ' "$work/begin.$1" "$work/end.$1" | awk '{ printf "%.3f", $2 - $1 }')
}

# As many steps as take a little more than 10 s, by the second hundred.
await 0
steps=${STEPS:-$(awk -v seconds="$seconds" 'BEGIN { printf "%d", 100 * 12 / seconds }')}
echo "$steps" >"$work/steps.new"
mv "$work/steps.new" "$work/steps"

number=0
# Runs one stretch and sets "seconds" to what it took.
stretch() {
  number=$((number + 1))
  touch "$work/go.$number"
  await $number
}

# with NAME: a stretch with that backend, or without for "none" and "again".
with() {
  local watcher
  case $1 in none | again) sleep 1; stretch; return ;; esac
  rm -f "$work/out"
  tests/bench/SensorCost/bin/Release/net10.0/SensorCost "$1" tap "${taps[@]}" >"$work/out" 2>&1 & watcher=$!
  until grep -qs ready "$work/out"; do sleep 0.1; done
  sleep 1
  stretch
  kill "$watcher"
  wait "$watcher"
  echo "$1: $(tail -n 1 "$work/out")" >>"$work/counted"
}

start=$SECONDS
stretch
echo "# $(date -u +%F), $(uname -r), $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg): LAMMPS, $ranks ranks, stretches of $steps steps"
names=(none "${observers[@]}" again)
echo "# seconds: ${names[*]}"
longest=0
for ((round = 0; round < rounds && SECONDS - start + longest < 60 * minutes - 5; round++)); do
  began=$SECONDS
  declare -A took=()
  # Each round begins with another one: whichever comes first may have the warmer machine.
  for ((k = 0; k < ${#names[@]}; k++)); do
    name=${names[$(((k + round) % ${#names[@]}))]}
    with "$name"
    took[$name]=$seconds
  done
  line=
  for name in "${names[@]}"; do line+="${took[$name]} "; done
  echo "$line" | tee -a "$work/rounds"
  ((SECONDS - began > longest)) && longest=$((SECONDS - began))
done
awk -v names="${names[*]}" '
  BEGIN { split(names, name, " ") }
  { for (c = 2; c <= NF; c++) ratio[c, NR] = 100 * ($c / (c < NF ? ($1 + $NF) / 2 : $1) - 1) }
  END {
    for (c = 2; c <= NF; c++) {
      for (i = 1; i <= NR; i++) v[i] = ratio[c, i]
      for (i = 2; i <= NR; i++) { x = v[i]; for (k = i - 1; k > 0 && v[k] > x; k--) v[k + 1] = v[k]; v[k + 1] = x }
      q = int((NR + 3) / 4)
      sum = squares = 0
      for (i = 1; i <= NR; i++) sum += v[i]
      for (i = 1; i <= NR; i++) squares += (v[i] - sum / NR) ^ 2
      printf "slowdown, %-6s median %6.2f %%, quartiles %.2f and %.2f, from %.2f to %.2f; mean %.2f, its standard error %.2f; %d rounds\n", name[c],
        NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2, v[q], v[NR + 1 - q], v[1], v[NR],
        sum / NR, (NR > 1 ? sqrt(squares / (NR - 1) / NR) : 0), NR
    }
  }' "$work/rounds"
echo "last counted:"
tail -n ${#observers[@]} "$work/counted"
