#!/usr/bin/env python3
"""The table of docs/benchmarks/experiment.md, out of its ledger: tests/bench/experiment.py [LEDGER]"""
import csv
import pathlib
import statistics
import sys

ledger = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2] / "docs/benchmarks/experiment.csv"
with open(ledger, newline="") as file:
    rows = list(csv.DictReader(file))


def of_moves(some, what):
    return [float(row[f"{each}_{what}"]) for row in some for each in ("first", "second") if row[f"{each}_{what}"]]


def numbers(some, what):
    return [float(row[what]) for row in some if row[what]]


def shown(values, pick=statistics.median, digits=1):
    return f"{pick(values):.{digits}f}" if values else ""


print("| line | runs | hold | results equal | connections: watched | lost | moves | least rounds | MB a move, median | duration, median, s | most "
      "| stood still, median, ms | most | longest step, median, s | most | retransmitted a run, median | run, median, s | load |")
print("| --- " * 18 + "|")
for line in sorted({(row["mbit"], row["delay_ms"]) for row in rows}, key=lambda line: (float(line[1]), float(line[0]))):
    some = [row for row in rows if (row["mbit"], row["delay_ms"]) == line]
    load = numbers(some, "load")
    print(f"| {line[0]} Mbit/s, {line[1]} ms | {len(some)} | {sum(row['outcome'] == 'holds' for row in some)} | {sum(row['result'] == 'equal' for row in some)} "
          f"| {shown(numbers(some, 'connections'), sum, 0)} | {shown(numbers(some, 'lost'), sum, 0)} | {shown(numbers(some, 'moves'), sum, 0)} "
          f"| {shown(of_moves(some, 'rounds'), min, 0)} | {shown([value / 1e6 for value in of_moves(some, 'bytes')])} "
          f"| {shown(of_moves(some, 'duration_s'))} | {shown(of_moves(some, 'duration_s'), max)} "
          f"| {shown(of_moves(some, 'downtime_ms'), digits=0)} | {shown(of_moves(some, 'downtime_ms'), max, 0)} "
          f"| {shown(numbers(some, 'longest_step_s'))} | {shown(numbers(some, 'longest_step_s'), max)} "
          f"| {shown(numbers(some, 'retransmitted'), digits=0)} | {shown(numbers(some, 'run_s'), digits=0)} | {f'{min(load):.0f} to {max(load):.0f}' if load else ''} |")
for row in rows:
    if row["outcome"] != "holds":
        print(f"{row['mbit']} Mbit/s, {row['delay_ms']} ms, run {row['run']}: {row['outcome']}")
