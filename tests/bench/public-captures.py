#!/usr/bin/env python3
"""Compares what `fedctl analyze` counts in captures of others with what tshark counts in them.

    tests/bench/public-captures.py FOLDER [FEDCTL...]

FOLDER holds captures, `files.csv` (file,frames,ip_frames,tshark_exit) and `expected.csv` (file,source,destination,packets,bytes: the outermost IP
addresses). Every file has to be equal, or refused by the name of what it is; where a header is damaged, another reading is listed below with
its reason. Ends with 1 if there is any other difference.
"""
import collections
import csv
import ipaddress
import json
import pathlib
import subprocess
import sys

# A damaged or ambiguous header that can be read in two ways: what differs, and why ours can be defended. There is none at present.
STATED = {}


def canonical(address):
    """IPv4 mapped into IPv6 is that IPv4 address."""
    ip = ipaddress.ip_address(address)
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def pairs(rows):
    found = collections.Counter()
    for row in rows:
        key = canonical(row["source"]), canonical(row["destination"])
        found[key, "packets"] += int(row["packets"])
        found[key, "bytes"] += int(row["bytes"])
    return found


def main(folder, fedctl):
    folder = pathlib.Path(folder)
    expected = collections.defaultdict(list)
    with open(folder / "expected.csv", newline="") as file:
        for row in csv.DictReader(file):
            expected[row["file"]].append(row)
    with open(folder / "files.csv", newline="") as file:
        names = [row["file"] for row in csv.DictReader(file)]
    outcome = collections.Counter()
    for name in names:
        run = subprocess.run([*fedctl, "analyze", str(folder / name), "-o", "json"], capture_output=True, text=True)
        reason = run.stderr.strip().replace(str(folder / name), name)
        if not run.stdout:
            kind = "refused" if run.returncode == 1 and reason.startswith(f"fedctl: {name}: ") else "CRASHED"
        else:
            document = json.loads(run.stdout)
            ours, theirs = pairs(document["matrix"]), pairs(expected[name])
            frames = document["frames"]
            told = frames["counted"] + sum(left["frames"] for left in document["leftOut"])
            kind = ("UNTOLD" if told != frames["read"] else "equal" if ours == theirs else "stated" if name in STATED else "DIFFERENT")
            if kind == "stated":
                reason = STATED[name]
            elif kind == "DIFFERENT":
                reason = f"ours - theirs {dict(ours - theirs)}; theirs - ours {dict(theirs - ours)}; {document['leftOut']}"
        outcome[kind] += 1
        if kind != "equal":
            print(f"{kind:9} {name}: {reason}")
    print(", ".join(f"{count} {kind}" for kind, count in outcome.most_common()))
    return 1 if outcome.keys() - {"equal", "refused", "stated"} else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    root = pathlib.Path(__file__).resolve().parents[2]
    sys.exit(main(sys.argv[1], sys.argv[2:] or [str(root / "fedctl")]))
