#!/usr/bin/env python3
"""What came of the kill runs, a row for each victim, from the ledger that tests/nightly-hosts.sh writes.

    tests/bench/kills.py [LEDGER]
"""
import csv
import pathlib
import statistics
import sys

OUTCOMES = ("moved", "taken back", "lost")


def seconds(values):
    """The median and the longest, s; nothing of none."""
    return f"{statistics.median(values):.1f} | {max(values):.1f}" if values else " | "


def row(name, runs):
    came = [sum(run["outcome"] == outcome for run in runs) for outcome in OUTCOMES]
    held = [run for run in runs if run["outcome"] in OUTCOMES[:2]]
    still = [[float(run["pause_ms"]) / 1000 for run in held if (run["move"] == "Cold") == is_cold] for is_cold in (False, True)]
    settled = [float(run["settled_s"]) for run in runs if run["outcome"] in OUTCOMES]
    cells = [len(runs), *came, len(runs) - sum(came), *map(seconds, [*still, settled])]
    return f"| {name} | {' | '.join(map(str, cells))} |"


def main():
    ledger = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2] / "docs/benchmarks/kills.csv")
    with ledger.open(newline="", encoding="utf-8") as lines:
        runs = list(csv.DictReader(lines))
    print("| victim | runs | moved | taken back | lost | failed | live: stood still, median, s | most | cold: stood still, median, s | most | settled, median, s | most |")
    print("|" + " --- |" * 12)
    for victim in sorted({run["victim"] for run in runs}):
        print(row(victim, [run for run in runs if run["victim"] == victim]))
    print(row("all", runs))


main()
