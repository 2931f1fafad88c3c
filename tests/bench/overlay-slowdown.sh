#!/usr/bin/env bash
# How much the overlay slows an MPI program on four VMs down: the same program on VMs that are on bridges of their hosts, and on VMs that are on the overlay, in turns, with all four
# on one host, and on a host each; and with one of the four moved to another host of its site by a drain while it runs, beside none.
#   [STEPS=N] tests/bench/overlay-slowdown.sh [ROUNDS [FILE]]     FILE: keeps each run, a line
# As root; needs what deploy/lab/README.md says. Nothing else should run. Each result is compared with that of this machine. Eight minutes a round.
set -euo pipefail
cd "$(dirname "$0")/../.."
export FEDERATION_LAB="${FEDERATION_LAB:-/var/tmp/fl-slow}"
. deploy/lab/lab.sh
rounds=${1:-5} table=${2:-$(mktemp)} said_so=$(mktemp)
wanted=(${STEPS:+$STEPS $STEPS} 1000 1000)

trap 'cat "$said_so" >&2; down > /dev/null' EXIT
trap 'exit 1' INT TERM
echo "machine,program,how,seconds,longest_step_s,moved_s" >"$table"

# once APP ROWS STEPS [VM]: the program once; with VM, the host of that one is drained meanwhile.
once() {
  local moved='' from result
  app=$1 rows=$2
  begin "$3"
  await 300 "the program's first step" program_says "heat: step 1 of"
  if [ -n "${4:-}" ]; then
    from=$(api "applications/$app/vms/$4" | jq -r .host) moved=$SECONDS
    fedctl host drain "north/$from" >>"$said_so"
    await 300 "the move from $from" moved_from "$4" "$from"
    moved=$((SECONDS - moved))
    ! program_says "heat: result" || fail "the program ended before $4 had moved: STEPS should be more than $3"
    fedctl host uncordon "north/$from" >>"$said_so"
  fi
  await 900 "the program's result" program_says "heat: result"
  result=$(ask vm1 grep heat:.result /tmp/said)
  [ "$(awk '{ print $3 }' <<<"$result")" = "$(expected "$3")" ] || fail "another result than this machine's: $result"
  awk -v begin="$machine,$2x$columns,$how," -v moved="$moved" '{ print begin $7 "," $9 "," moved }' <<<"$result" | tee -a "$table" >&2
}
moved_from() { [ "$(api "applications/$app/vms/$1" | jq -r .host)" != "$2" ] && [ "$(api "migrations?application=$app" | jq '[.[] | select(.endedAt == null)] | length')" -eq 0 ]; }

# lab_of HOSTS: two sites of these, one without the overlay, and four VMs at each.
lab_of() {
  # What an earlier one was made of is no part of this one.
  down >/dev/null
  (up --sites 2 --hosts "$1" --plain south --no-sensors) >>"$said_so" 2>&1
  . "$work/shape"
  memory=112MiB
  app=overlay
  application 1370 north north north north >"$work/$app.yaml"
  placed >>"$said_so" 2>&1
  app=plain
  application 1500 south south south south >"$work/$app.yaml"
  placed >>"$said_so" 2>&1
  for app in overlay plain; do echo "$app: $(api vms | jq -r --arg app $app '[.[] | select(.application == $app) | .vm + " " + .host] | join(", ")')" >&2; done
}

# round NUMBER HOW...: each once, and each round begins with another one.
round() {
  local number=$1 i
  shift
  for i in $(seq 0 $(($# - 1))); do
    how=${*:$(((i + number) % $# + 1)):1}
    case $how in
      plain) once plain "$size" "$steps" ;;
      overlay) once overlay "$size" "$steps" ;;
      moved) once overlay "$size" "$steps" vm2 ;;
    esac
  done
}

echo "# $(date -u +%F), $(uname -r), $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg), emulated guests"
columns=512
machine="one host"
lab_of 4
for number in $(seq "$rounds"); do
  size=512 steps=${wanted[0]}
  round "$number" plain overlay
  size=64 steps=${wanted[1]}
  round "$number" plain overlay
done
machine="four hosts"
lab_of 1,1,1,1,1
for number in $(seq "$rounds"); do
  size=512 steps=${wanted[0]}
  round "$number" plain overlay moved
  size=64 steps=${wanted[1]}
  round "$number" plain overlay
done

python3 - "$table" <<'PYTHON'
import csv
import statistics
import sys

rows = list(csv.DictReader(open(sys.argv[1])))


def seconds(machine, program, how):
    return [float(row["seconds"]) for row in rows if (row["machine"], row["program"], row["how"]) == (machine, program, how)]


print("| | program | without, s | with, s | slower, median of the rounds | least | most |\n| --- | --- | --- | --- | --- | --- | --- |")
for machine, program, without, with_it, name in (
    ("one host", "512x512", "plain", "overlay", "overlay, one host"),
    ("one host", "64x512", "plain", "overlay", "overlay, one host"),
    ("four hosts", "512x512", "plain", "overlay", "overlay, four hosts"),
    ("four hosts", "64x512", "plain", "overlay", "overlay, four hosts"),
    ("four hosts", "512x512", "overlay", "moved", "one move within the site"),
):
    one, other = seconds(machine, program, without), seconds(machine, program, with_it)
    ratios = sorted(100 * (b / a - 1) for a, b in zip(one, other))
    if ratios:
        print(f"| {name} | {program} | {statistics.median(one):.1f} | {statistics.median(other):.1f} | {statistics.median(ratios):+.1f} % | {ratios[0]:+.1f} % | {ratios[-1]:+.1f} % |")
PYTHON
: >"$said_so"
