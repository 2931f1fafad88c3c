# The experiment of a lab: an MPI program runs on four VMs; a plan moves two of them, one after another, to another site while it runs, and the next run's plan back.
# Sourced by lab.sh.

experiment_columns=mbit,delay_ms,run,outcome,result,steps,program_s,longest_step_s,longest_at_s,moves
for each in first second; do experiment_columns+=,${each}_vm,${each}_from,${each}_to,${each}_bytes,${each}_rounds,${each}_downtime_ms,${each}_duration_s; done
experiment_columns+=,addresses,connections,lost,resets,timeouts,retransmitted,run_s,load,commit

# tell WHEN: all VMs say what a move must not change; it is kept in files.
tell() { local vm; for vm in vm1 vm2 vm3 vm4; do ask $vm state > "$work/$1.$vm"; done; }
# Lines of all VMs that begin with one of the words: told WHEN WORDS
told() { grep -hE "^($2) " "$work/$1".vm? | sort; }
# By how much what TCP counts has grown meanwhile: grown WORDS
grown() { echo $(($(told after "$1" | awk '{ n += $2 } END { print n + 0 }') - $(told before "$1" | awk '{ n += $2 } END { print n + 0 }'))); }

experiment() {
  local runs=1 file=$work/experiment.csv app=experiment memory=112MiB groups=yes
  while [ $# -gt 0 ]; do
    case $1 in
      --runs) runs=${2:?--runs needs a number}; shift ;;
      --to) file=${2:?--to needs a file}; shift ;;
      --no-groups) groups=no ;;
      *) usage >&2; exit 1 ;;
    esac
    shift
  done
  [ -e "/run/netns/$(space core)" ] || fail "it is not up: '$0 up' first"
  [ "${#sites[@]}" -gt 1 ] || fail "the experiment needs two sites: '$0 up --sites 2'"
  [ -s "$file" ] || echo $experiment_columns > "$file"
  if ! api "applications/$app" > /dev/null; then
    step "Four VMs; two of them have to stay"
    application 1370 "${sites[0]}" "${sites[0]}" > "$work/$app.yaml"
    placed
  fi
  for _ in $(seq "$runs"); do experiment_run "$file"; done
}

experiment_run() {
  local file=$1 number begun site other plan result moves
  number=$(($(awk -F, -v rate="$rate" -v delay="$delay" '$1 == rate && $2 == delay' "$file" | wc -l) + 1))
  begun=$SECONDS load=$(cut -d' ' -f1 /proc/loadavg)
  site=$(api "applications/$app/vms/vm1" | jq -r .at.site)
  other=$([ "$site" = "${sites[0]}" ] && echo "${sites[1]}" || echo "${sites[0]}")

  step "Run $number over $rate Mbit/s and $delay ms: vm1 and vm2 from $site to $other"
  begin 1000000 /tmp/enough
  await 300 "the program's first step" program_says "heat: step 1 of"
  [ $groups = no ] || await 240 "its communication group" groups_found
  tell before
  if [ "$site" = "${sites[0]}" ]; then price "$site" 5; else price "$other" 0.10; fi
  planned migrate
  tell after
  type_at vm1 "touch /tmp/enough"
  await 300 "the program's end" program_says "heat: result"
  result=$(ask vm1 grep heat:.result /tmp/said)
  echo "$result"
  # One line a move: VM, from, to, bytes, rounds, downtime in ms, duration in s.
  moves=$(api "migrations?plan=$plan" | jq -r '.[] | select(.phase == "done" and .isLive) | [.vm, .fromHost, .toHost, .measured.bytes, .measured.rounds,
    (.measured.downtimeSeconds * 1000 | round), (.measured.seconds * 100 | round / 100)] | map(tostring) | join(",")')
  experiment_line | tee -a "$file"
  [ "$(tail -n 1 "$file" | cut -d, -f4)" = holds ] || fail "$(tail -n 1 "$file" | cut -d, -f4)"
}

# What the run comes to, by what experiment_run has found.
experiment_line() {
  local value steps right outcome=holds addresses=same lost resets count
  read -r value steps <<< "$(echo "$result" | awk '{ print $3, $15 }')"
  right=$(expected "$steps")
  count=$(grep -c . <<< "$moves" || true)
  cmp -s <(told before address) <(told after address) || addresses=changed
  lost=$(comm -23 <(told before connection) <(told after connection) | wc -l)
  resets=$(grown 'EstabResets|TCPAbort[A-Za-z]*')
  if [ "$value" != "$right" ]; then outcome="the result is another one than $right"
  elif [ $addresses = changed ]; then outcome="an address has changed"
  elif [ "$lost" -ne 0 ] || [ "$resets" -ne 0 ]; then outcome="a connection was lost"
  elif [ "$count" -ne 2 ]; then outcome="not two VMs have moved"
  elif ! awk -F, '$5 < 2 { exit 1 }' <<< "$moves"; then outcome="a move had one round"
  fi
  echo -n "$rate,$delay,$number,$outcome,$([ "$value" = "$right" ] && echo equal || echo other),$steps,$(echo "$result" | awk '{ print $7 "," $9 "," $11 }'),$count,"
  echo -n "$(sed -n 1p <<< "${moves:-,,,,,,}"),$(sed -n '2p; 2q' <<< "$moves" | grep . || echo ,,,,,,),"
  echo "$addresses,$(told before connection | wc -l),$lost,$resets,$(grown TCPTimeouts),$(grown RetransSegs),$((SECONDS - begun)),$load,${FEDERATION_COMMIT:-}"
}
