#!/usr/bin/env bash
# What people wait for in their first hour: `fedctl --help`, `fedctl validate`, and `fedctl analyze` of 600,000 frames beside tshark on the same file. Takes a minute or two.
#   tests/bench/first-hour.sh [ROUNDS]
# The capture is made of tests/captures/phases.pcap.gz: to its frames, which end with the IP header, it gives the TCP header that they had, so that tshark has the work that it
# had with the original. Each round runs everything once, fedctl and tshark in turns, so that slow spells meet both alike. Prints medians
# and extremes in seconds, and the most memory that analyze took for one, four and sixteen times as many frames.
set -euo pipefail
cd "$(dirname "$0")/../.."
. deploy/needs.sh
need_dotnet
need_packages "analyze is measured beside tshark" tshark
rounds=${1:-15}
frames=600000
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

# A classic file's header has 24 bytes; each record of this one has 16, and 66 of the frame.
header=24
python3 - "$frames" "$work/plain.pcap" <<'PYTHON'
import gzip
import struct
import sys

frames, path = int(sys.argv[1]), sys.argv[2]
with gzip.open("tests/captures/phases.pcap.gz") as file, open(path, "wb") as made:
    made.write(file.read(24))
    sent = {}
    for number in range(frames):
        record = file.read(16 + 34)
        seconds, fraction, kept, length = struct.unpack("<IIII", record[:16])
        # Ports as the addresses say, so that there are as many connections as pairs; each goes on where its last segment ended.
        pair = record[16 + 26 : 16 + 34]
        sequence = sent.get(pair, 1)
        sent[pair] = (sequence + max(length - 66, 0)) & 0xFFFFFFFF
        ports = struct.pack("!HH", 40000 + record[16 + 29], 40000 + record[16 + 33])
        tcp = ports + struct.pack("!IIBBHHH", sequence, sent.get(pair[4:] + pair[:4], 1), 8 << 4, 0x10, 500, 0, 0) + b"\x01\x01\x08\x0a" + struct.pack("!II", number, number)
        made.write(struct.pack("<IIII", seconds, fraction, kept + len(tcp), max(length, kept + len(tcp))) + record[16:] + tcp)
PYTHON
gzip -1 -c "$work/plain.pcap" >"$work/plain.pcap.gz"
editcap -F pcapng "$work/plain.pcap" "$work/next.pcapng" 2>/dev/null
repeat() { head -c "$header" "$work/plain.pcap"; for _ in $(seq "$1"); do tail -c +$((header + 1)) "$work/plain.pcap"; done; }

./fedctl --version >/dev/null
declare -A measures=(
  [help]='./fedctl --help'
  [validate]='./fedctl validate --sites sites'
  [analyze-pcap]="./fedctl analyze $work/plain.pcap"
  [tshark-pcap]="tshark -q -n -z conv,ip -r $work/plain.pcap"
  [analyze-pcap.gz]="./fedctl analyze $work/plain.pcap.gz"
  [tshark-pcap.gz]="tshark -q -n -z conv,ip -r $work/plain.pcap.gz"
  [analyze-pcapng]="./fedctl analyze $work/next.pcapng"
  [tshark-pcapng]="tshark -q -n -z conv,ip -r $work/next.pcapng"
)
order='help validate analyze-pcap tshark-pcap analyze-pcap.gz tshark-pcap.gz analyze-pcapng tshark-pcapng'

for round in $(seq 0 "$rounds"); do
  for name in $order; do
    begin=$EPOCHREALTIME
    ${measures[$name]} >/dev/null 2>"$work/error" || { cat "$work/error" >&2; exit 1; }
    end=$EPOCHREALTIME
    # The first round fills the caches.
    [ "$round" = 0 ] || echo "$(((${end/./} - ${begin/./}) / 1000))" >>"$work/$name.ms"
  done
done

printf '%-16s %8s %8s %8s   (ms, %d rounds)\n' measure median least most "$rounds"
for name in $order; do
  sort -n "$work/$name.ms" | awk -v name="$name" '{ v[NR] = $1 } END { printf "%-16s %8d %8d %8d\n", name, v[int((NR + 1) / 2)], v[1], v[NR] }'
done
for kind in pcap pcap.gz pcapng; do
  paste "$work/analyze-$kind.ms" "$work/tshark-$kind.ms" | awk '{ print $1 / $2 }' | sort -n |
    awk -v kind="$kind" '{ v[NR] = $1 } END { printf "analyze / tshark, %s: median %.3f, from %.3f to %.3f (goal: 0.1)\n", kind, v[int((NR + 1) / 2)], v[1], v[NR] }'
done

for times in 1 4 16; do
  repeat "$times" >"$work/long.pcap"
  python3 - "$times" ./fedctl analyze "$work/long.pcap" <<'PYTHON'
import resource
import subprocess
import sys

subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL, check=True)
print(f"analyze of {sys.argv[1]} x 600,000 frames: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB at most")
PYTHON
done
