# What lab.sh runs on its VMs: a real MPI program whose result can be checked. Sourced by lab.sh.

rows=512 columns=512

# application MTU SITE-OF-WHAT-STAYS...: four VMs; the last ones have to be at the sites named, one each.
application() {
  local guest="$work/guest" mtu=$1 number pinned
  shift
  cat <<YAML
application: $app
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
    pinned=$((number + $# - 4))
    cat <<YAML
  - vm: vm$number
    vcpus: 1
    memory: ${memory:-192MiB}
    dirtyRate: 2MB/s
    kernel: { image: kernel, initrd: guest, arguments: "console=ttyS0 quiet panic=1 guest=vm$number ip=10.42.0.$number/24 mtu=$mtu" }
    addresses: [10.42.0.$number]
YAML
    [ $pinned -lt 1 ] || echo "    sites: [${!pinned}]"
  done
}

# The log of a VM since it is at its host.
said() { api "applications/$app/vms/$1/log?bytes=65536" | jq -r .output | base64 -d | tr -d '\r'; }
# Reads to the end: whoever writes to a reader that has gone fails.
log_has() { said "$1" | grep -c "$2" > /dev/null; }
# type_at VM COMMAND: at the VM's console.
type_at() { jq -n --arg input "$(printf '%s\n' "$2" | base64 -w 0)" '{ input: $input, from: 0 }' | api "applications/$app/vms/$1/console" -H 'Content-Type: application/json' -d @- > /dev/null; }

# ask VM COMMAND: what the command writes there. Where the machine is busy, emulated consoles repeat a byte now and then: it is said again until each line came once as it was written.
ask() {
  local vm=$1 mark text
  shift
  mark=said-$(date +%s%N)
  for _ in $(seq 15); do
    type_at "$vm" "say $mark $*"
    for _ in $(seq 20); do
      sleep 0.3
      text=$(said "$vm")
      if heard "$mark" <<< "$text"; then return; fi
      # It has ended, and something came otherwise: once more.
      [ "$(grep -c " all [0-9]*$" <<< "${text##*"say $mark"}")" -eq 0 ] || break
    done
  done
  fail "$vm does not say what '$*' writes there"
}
# The lines after a mark, in order, if all are there.
heard() {
  busybox awk -v mark="$1" -f "$here/guest/checksum.awk" -e '
    $1 == mark { text = substr($0, length($1 $2) + 3); if (checksum(text) == $2) { if ($3 == "all") all = $4; else line[$3] = substr(text, length($3) + 2) } }
    END {
      if (all == "") exit 1
      for (i = 1; i <= all; i++) if (!(i in line)) exit 1
      for (i = 1; i <= all; i++) print line[i]
    }'
}

# What the program gives, worked out on this machine by one process: expected STEPS.
expected() {
  [ -x "$work/heat" ] || mpicc -O2 -o "$work/heat" "$here/guest/heat.c" -lm
  [ -s "$work/expected-$rows-$columns-$1" ] || (cd "$work" && OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 mpirun -n 1 ./heat $rows $columns "$1") |
    sed -n 's/^heat: result \([0-9a-f]*\).*/\1/p' > "$work/expected-$rows-$columns-$1"
  cat "$work/expected-$rows-$columns-$1"
}

groups_found() { [ "$(api "applications/$app/groups" | jq '[.groups[] | select(.members | length == 4)] | length')" -ge 1 ]; }
plan_of() { fedctl plan list --app "$app" -o json | jq -er --arg decision "$1" 'map(select(.decision == $decision)) | last | .id'; }

# price SITE: what a VM costs there an hour from now on.
price() {
  fedctl site get "$1" -o json | jq --argjson price "$2" '(.spec // .) | .offers |= map(.price = $price)' > "$work/price.yaml"
  fedctl site apply -f "$work/price.yaml"
}
# planned DECISION: has a plan made, and applies it.
planned() {
  fedctl plan "$app" || [ $? -eq 2 ] || fail "no plan"
  plan=$(plan_of "$1") || fail "the plan does not say to $1"
  fedctl apply "$plan" --yes
}
placed() {
  local vm
  fedctl app apply -f "$work/$app.yaml"
  planned place
  for vm in vm1 vm2 vm3 vm4; do await 120 "the start of $vm" log_has $vm "is up after"; done
}
# begin STEPS [FILE]: the program, on all four. What it writes is kept at the first.
begin() {
  type_at vm1 "rm -f /tmp/said /tmp/enough"
  type_at vm1 "mpirun -n 4 -host 10.42.0.1,10.42.0.2,10.42.0.3,10.42.0.4 heat $rows $columns $1 ${2:-} < /dev/null 2>&1 | tee /tmp/said &"
}
program_says() { ask vm1 cat /tmp/said | grep -c "$1" > /dev/null; }

run() {
  local steps=${1:-4000} right app=mpi plan
  [ -e "/run/netns/$(space core)" ] || fail "it is not up: '$0 up' first"
  step "What the program gives on this machine itself"
  right=$(expected "$steps")
  echo "heat $rows $columns $steps: $right"

  step "An application of four VMs, where it is cheapest"
  application 1370 > "$work/mpi.yaml"
  placed
  fedctl vm list --app mpi

  step "The program runs on all four"
  begin "$steps"
  await 300 "the program's first step" program_says "heat: step"
  await 240 "its communication group" groups_found
  fedctl group list mpi

  step "Its site becomes dear"
  price north 5
  planned migrate
  fedctl migration list
  fedctl vm list --app mpi

  step "The end of the program"
  await 1200 "the program's result" program_says "heat: result"
  ask vm1 grep heat:.result /tmp/said
  program_says "heat: result $right" || fail "the result is another one than $right"
  echo "The result is that of this machine, bit for bit, and the VMs have moved while it was worked out."
}
