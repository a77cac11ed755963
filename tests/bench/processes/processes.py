#!/usr/bin/env python3
"""Counts guest instructions per operation of processes and prints them beside Linux and xv6.

usage: processes.py BINARY_DIRECTORY [--check]

One hart, QEMU with -icount, so the figures do not depend on the machine. Those of the peers were taken the same way: Linux is
Debian's 6.12 riscv64 kernel with its audit, security modules and accounting off, xv6 is xv6-riscv of August 2022; a dash is what a
peer does not have. Linux' nearest: futex for rendezvous, a signal for a note, comm for ctl, /proc/n/stat for status read again.
--check: for tests; fails if a row is missing or is no count, not if a goal is.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]

# Operation: Linux, xv6, the goal.
ROWS = {
    "null call": (269, 1130, 90),
    "fork + exit + wait": (90800, 518639, 6000),
    "vfork + exit + wait": (52251, None, 3500),
    "fork + exec + exit + wait": (263671, 1591945, 20000),
    "vfork + exec + exit + wait": (153946, None, 15000),
    "thread create + exit + join": (34822, None, 3500),
    "pipe write + read": (2424, 40474, 600),
    "pipe round trip": (11478, 95921, 1500),
    "rendezvous round trip": (10494, None, 1000),
    "yield": (5170, None, 500),
    "note to self": (4511, None, 900),
    "write nohang to ctl": (1041, None, 350),
    "open + close status": (7674, None, 1500),
    "open + read + close status": (39740, None, 3500),
    "read status": (12496, None, 1300),
    "write fault": (3410, None, 1000),
    "copy-on-write fault": (4422, None, 1700),
    "copy-on-write, sole owner": (1342, None, 350),
    "fork + exit + wait, 1,000 pages": (549584, 46340000, 6500),
    "fork + exit + wait, 10,000 pages": (3945000, 459000000, 7000),
}


def count(binary_directory):
    """The rows that the program in QEMU printed."""
    with tempfile.TemporaryDirectory() as folder:
        archive = os.path.join(folder, "archive")
        subprocess.run([sys.executable, ROOT / "tools/mkarchive.py", "-o", archive,
                        f"bin/counts={binary_directory}/user/bin/counts"], check=True)
        done = subprocess.run([ROOT / "tools/qemu-run.sh", "--harts", "1", "--icount", "--initrd", archive, "--timeout", "300",
                               "-c", "counts"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                              env=dict(os.environ, PROCYON_BINARY_DIR=binary_directory))
    if done.returncode != 0:
        sys.exit(f"counts ended with status {done.returncode}:\n{done.stdout}{done.stderr[-4000:]}")
    return {name: int(value) for name, value in (line.split("\t") for line in done.stdout.splitlines())}


def main(arguments):
    found = count(os.path.abspath(arguments[0]))
    if set(found) != set(ROWS) or min(found.values()) <= 0:
        sys.exit(f"rows that are not as expected: {sorted(set(found) ^ set(ROWS))}, {found}")
    print(f"{'instructions':34}{'Procyon':>10}{'goal':>8}{'Linux':>11}{'xv6':>13}")
    reached = 0
    for name, (linux, xv6, goal) in ROWS.items():
        reached += found[name] <= goal
        tick = "ok" if found[name] <= goal else f"x {found[name] / goal:.1f}"
        print(f"{name:34}{found[name]:10}{goal:8}{linux:11}{'-' if xv6 is None else xv6:>13}  {tick}")
    print(f"{reached} of {len(ROWS)} goals reached")
    return 0 if "--check" in arguments or reached == len(ROWS) else 1


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
