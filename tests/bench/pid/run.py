#!/usr/bin/env python3
"""Measures the Pid hash beside its peers and holds it to its goals. tools/bench.sh pid builds what this needs and runs it.

usage: run.py --program PID_BENCH [--quick | --smoke] [--rounds N] [--runs N] [--json FILE] [--rv64-lookup N]

A round measures every row on every table in turn; a run is 5 rounds and takes their medians; runs are repeated until every goal
held in 3 of them or failed in 2. Prints medians and ratios, then the goals, each with a tick or a cross; a dot is a row that is
shown and not judged. Status 0 when every judged goal is reached, 1 when one is missed, 125 when it could not measure.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import goals

# All tables are on 2 MiB pages: ours by themselves, the peers' through their allocators.
ENVIRONMENT = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1", "TBB_MALLOC_USE_HUGE_PAGES": "1"}


def own_failure(text):
    print(f"run.py: {text}", file=sys.stderr)
    sys.exit(125)


class Progress:
    """What is being done, on one line of a terminal, or now and then."""

    def __init__(self):
        self.begin = self.last = time.monotonic()
        self.terminal = sys.stderr.isatty()

    def show(self, text, force=False):
        now = time.monotonic()
        line = f"{int(now - self.begin) // 60}:{int(now - self.begin) % 60:02} {text}"
        if self.terminal:
            print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)
        elif force or now - self.last >= 30:
            print(line, file=sys.stderr, flush=True)
            self.last = now

    def end(self):
        if self.terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def run_program(arguments, **options):
    try:
        return subprocess.Popen(arguments, env={**os.environ, **ENVIRONMENT}, text=True, **options)
    except OSError as error:
        own_failure(f"cannot run {arguments[0]}: {error.strerror}")


def measure_round(program, smoke, progress, what):
    """{row: {table: ns}}, each the median of the repetitions of this round."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        process = run_program([program, "rows-smoke" if smoke else "rows", f"--benchmark_out={out.name}",
                               "--benchmark_out_format=json", "--benchmark_color=false"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for line in process.stdout:
            if "/" in line.split(" ")[0] or line.startswith("hit beside"):
                progress.show(f"{what}: {'/'.join(line.split('/')[:3])}")
        errors = process.stderr.read()
        if process.wait() != 0:
            progress.end()
            print(errors, file=sys.stderr, end="")
            sys.exit(1)
        report = json.load(open(out.name))
    seen = {}
    for entry in report["benchmarks"]:
        if entry.get("run_type") == "aggregate":
            continue
        operation, threads, live, table = entry["name"].split("/")[:4]
        seen.setdefault(goals.row_name(operation, threads, live), {}).setdefault(table, []).append(entry["ns"])
    return {row: {table: statistics.median(values) for table, values in tables.items()} for row, tables in seen.items()}


def measure_facts(program, smoke):
    process = run_program([program, "facts-smoke" if smoke else "facts"], stdout=subprocess.PIPE)
    text = process.communicate()[0]
    if process.returncode != 0:
        sys.exit(1)
    return {name: float(value) for name, value in (line.split() for line in text.splitlines())}


def measure_run(program, rounds, smoke, progress, what):
    ns = {row: {table: [] for table in tables} for row, tables in goals.rows()}
    for number in range(rounds):
        progress.show(f"{what}, round {number + 1} of {rounds}", force=True)
        seen = measure_round(program, smoke, progress, f"{what}, round {number + 1} of {rounds}")
        for row, tables in ns.items():
            for table, values in tables.items():
                if table not in seen.get(row, {}):
                    own_failure(f"the program did not measure {row} on {table}")
                values.append(seen[row][table])
    return ns


def print_medians(ns):
    print(f"{'ns an operation and thread':<30}" + "".join(f"{table:>9}" for table in goals.TABLES) +
          f"{'/floor':>9}{'/best peer':>12}")
    for row, tables in ns.items():
        line = f"{row:<30}"
        for table in goals.TABLES:
            value = statistics.median(tables[table]) if table in tables else None
            line += f"{'-':>9}" if value is None else f"{value:>9.2f}" if value < 100 else f"{value:>9.0f}"
        floor = f"{goals.ratio(tables['pid'], tables['floor']):.2f}" if "floor" in tables else "-"
        best = goals.best_peer(tables)
        print(f"{line}{floor:>9}{goals.ratio(tables['pid'], tables[best]):>6.2f} {best}")


def machine():
    try:
        text = open("/proc/cpuinfo").read()
        model = text.split("model name", 1)[1].split(":", 1)[1].split("\n", 1)[0].strip()
    except (OSError, IndexError):
        model = "unknown processor"
    return f"{model}, {len(os.sched_getaffinity(0))} processors, load {os.getloadavg()[0]:.2f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, help="the built pid_bench")
    effort = parser.add_mutually_exclusive_group()
    effort.add_argument("--quick", action="store_true", help="one run of three rounds: a look, not a verdict")
    effort.add_argument("--smoke", action="store_true", help="once through everything, on tables whose answers are right")
    parser.add_argument("--rounds", type=int, default=5, help="rounds in a run, at least 5 for a verdict (default 5)")
    parser.add_argument("--runs", type=int, default=4, help="runs at most (default 4)")
    parser.add_argument("--json", help="writes all figures to this file")
    parser.add_argument("--rv64-lookup", type=int, help="instructions of a lookup, from riscv64/orders_test.py")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.rounds, arguments.runs = 3, 1
    if arguments.smoke:
        arguments.rounds, arguments.runs = 1, 1

    progress = Progress()
    if not arguments.smoke:
        print(f"before: {machine()}", flush=True)
    judgement, figures = goals.Judgement(), []
    while len(judgement.runs) < arguments.runs and not (judgement.runs and judgement.decided()):
        what = f"run {len(judgement.runs) + 1} of at most {arguments.runs}"
        facts = measure_facts(arguments.program, arguments.smoke)
        if arguments.rv64_lookup is not None:
            facts["rv64_lookup"] = arguments.rv64_lookup
        ns = measure_run(arguments.program, arguments.rounds, arguments.smoke, progress, what)
        judgement.add(goals.judge(ns, facts))
        figures.append({"ns": ns, "facts": facts})
        progress.end()
        print(f"\nrun {len(figures)}, medians of {arguments.rounds} rounds")
        print_medians(ns)
        sys.stdout.flush()
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(figures, file, indent=1)
    if arguments.smoke:
        print("every row ran, on tables whose answers are right; nothing was measured")
        return 0
    print(f"\nafter: {machine()}\n\ngoals (figures of each run)")
    lines, missed = judgement.table()
    for mark, goal, seen in lines:
        print(f" {mark} {goal:<66} {seen}")
    if arguments.quick:
        print("\na quick look: one run of three rounds decides nothing")
    print(f"\n{missed} judged goals missed" if missed else "\nevery judged goal is reached")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
