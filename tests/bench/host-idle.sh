#!/usr/bin/env bash
# What a host's agent costs at rest: processor time of `fedctl host run` over a while, with GUESTS paused VMs of 16 MB on QEMU. The goal: under
# 2 % of a processor with 100. A stand-in for the service hands out the orders to start them and takes reports. Needs QEMU, gcc, python3; some
# 3 minutes and 60 MB for each guest.
#
#   tests/bench/host-idle.sh [GUESTS] [SECONDS]
#
# These are times of the agent's process, not of the machine: other work on it blurs them little. QEMU's own processes are told apart.
set -eu
cd "$(dirname "$0")/../.."
guests=${1:-100} seconds=${2:-60}
. deploy/needs.sh
need_packages "VMs and their guest" qemu-system-x86 gcc libc6-dev binutils python3 >&2
[ -n "${BUILT:-}" ] || dotnet build src/Federation.Cli -c Release --nologo -v q >&2
fedctl=src/Federation.Cli/bin/Release/net10.0/fedctl.dll

work=$(mktemp -d)
agent='' service=''
finish() {
  [ -z "$agent" ] || kill "$agent" 2>/dev/null || true
  [ -z "$service" ] || kill "$service" 2>/dev/null || true
  for file in "$work"/vms/*/qemu.pid "$work"/vms/*/*/qemu.pid; do
    [ ! -f "$file" ] || kill "$(cat "$file")" 2>/dev/null || true
  done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

tests/guests/build.sh "$work"
cat >"$work/host.yaml" <<EOF
site: bench
host: h1
server: http://127.0.0.1:18099
tokenFile: $work/token
state: $work/state
listen: off
qemu: { directory: $work/vms, observers: true, arping: [] }
EOF
echo token >"$work/token"

# The stand-in: orders to start the VMs; says how many a report had running, then how many paused, and how many reports came.
cat >"$work/service.py" <<'EOF'
import hashlib, http.server, json, sys, threading, uuid
kernel, guests = sys.argv[1], int(sys.argv[2])
digest = hashlib.sha256(open(kernel, 'rb').read()).hexdigest()
mailbox = str(uuid.uuid4())
def vm(number): return f'astro/idle.1/vm{number}'
orders = [{'order': 'start', 'operation': f'start {n}', 'vm': vm(n), 'epoch': 1, 'guest': {'vm': vm(n), 'vcpus': 1, 'memoryBytes': 16 << 20,
           'kernel': {'image': {'name': 'pages', 'sha256': digest, 'sources': [f'file://{kernel}']}, 'initrd': None, 'arguments': 'hot=1 cold=1'},
           'disks': [], 'nics': []}} for n in range(guests)]
reports = 0
class Service(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def log_message(self, *_): pass
    def answer(self, status, body):
        self.send_response(status); self.send_header('Content-Type', 'application/json'); self.send_header('Content-Length', str(len(body))); self.end_headers(); self.wfile.write(body)
    def do_GET(self):
        if f'mailbox={mailbox}' in self.path:
            threading.Event().wait(20)
            handed = []
        else:
            handed = orders
        self.answer(200, json.dumps({'site': 'bench', 'host': 'h1', 'orders': handed, 'mailbox': mailbox, 'last': len(orders)}).encode())
    def do_POST(self):
        global reports
        report = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
        reports += 1
        for answer in report['answers']:
            if answer['outcome'] != 'done': print(answer['reason'], file=sys.stderr, flush=True)
        states = [guest['sighting']['state'] for guest in report['guests']]
        print(reports, states.count('running'), states.count('paused'), flush=True)
        self.answer(204, b'')
http.server.ThreadingHTTPServer(('127.0.0.1', 18099), Service).serve_forever()
EOF
python3 "$work/service.py" "$work/pages.elf" "$guests" >"$work/told" 2>"$work/failed" &
service=$!
dotnet "$fedctl" host run --config "$work/host.yaml" 2>"$work/log" &
agent=$!

# Waits until the last report has so many running and so many paused.
told() {
  for _ in $(seq 600); do
    [ "$(tail -n 1 "$work/told" | cut -d' ' -f2-)" != "$1 $2" ] || return 0
    kill -0 "$agent" || { cat "$work/log" >&2; return 1; }
    sleep 0.5
  done
  echo "not all VMs came to be as they should: $(tail -n 1 "$work/told"); $(tail -n 3 "$work/failed")" >&2
  return 1
}
told "$guests" 0
python3 - "$work"/vms <<'EOF'
import json, os, socket, sys
for folder, _, files in os.walk(sys.argv[1]):
    if 'observer.qmp' in files:
        line = socket.socket(socket.AF_UNIX); line.connect(os.path.join(folder, 'observer.qmp')); file = line.makefile('rw')
        file.readline()
        for command in ('qmp_capabilities', 'stop'):
            file.write(json.dumps({'execute': command}) + '\n'); file.flush()
            while 'return' not in json.loads(file.readline()): pass
        line.close()
EOF
told 0 "$guests"

ticks() { cut -d')' -f2- "/proc/$1/stat" | awk '{ print $12 + $13 }'; }
qemus() { for pid in $(pgrep -f -- "$work/vms" || true); do [ "$pid" = "$agent" ] || ticks "$pid" 2>/dev/null || true; done | awk '{ sum += $1 } END { print sum + 0 }'; }
sleep 15
before=$(ticks "$agent") qbefore=$(qemus) reports=$(wc -l <"$work/told")
sleep "$seconds"
after=$(ticks "$agent") qafter=$(qemus)
awk -v ticks=$((after - before)) -v qticks=$((qafter - qbefore)) -v hz="$(getconf CLK_TCK)" -v seconds="$seconds" -v guests="$guests" \
  -v reports=$(($(wc -l <"$work/told") - reports)) -v rss="$(awk '/VmRSS/ { print $2 / 1024 }' "/proc/$agent/status")" \
  'BEGIN { printf "%d paused guests, %d s: agent %.2f %% of a processor, %.0f MB, %d reports; QEMU processes together %.2f %%\n", guests, seconds, 100 * ticks / hz / seconds, rss, reports, 100 * qticks / hz / seconds }'
