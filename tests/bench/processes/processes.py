#!/usr/bin/env python3
"""Counts guest instructions per operation of processes, and bytes per process, and prints them beside Linux and xv6.

usage: processes.py BINARY_DIRECTORY [--check]

One hart, QEMU with -icount, so the figures do not depend on the machine. Those of the peers were taken the same way: Linux is
Debian's 6.12 riscv64 kernel with its audit, security modules and accounting off, xv6 is xv6-riscv of August 2022; a dash is what a
peer does not have. Linux' nearest: futex for rendezvous, a signal for a note, comm for ctl, /proc/n/stat for status read again; its /proc was listed
with its security modules on.
What Linux takes for 10,000 pages that a child or then its maker writes is put together from its fork and its faults.
--check: for tests; fails if a row is missing or is no count, not if a goal is.
"""
import os
import pathlib
import re
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
    "list /proc, per process": (1600, None, 400),
    "note to a group, per member": (None, None, 350),
    "write fault": (3410, None, 1000),
    "copy-on-write fault": (4422, None, 1700),
    "copy-on-write, sole owner": (1342, None, 350),
    "fork + exit + wait, 1,000 pages": (549584, 46340000, 6500),
    "fork + exit + wait, 10,000 pages": (3945000, 459000000, 7000),
    "dearest fault after that fork": (None, None, 12000),
    "the same, the child writes all": (3945000 + 10000 * 4422, None, 3945000 + 10000 * 4422),
    "then its maker writes all": (10000 * 1342, None, 10000 * 1342),
}
# Bytes of a process that sleeps for ever: likewise.
PARKED = 2000
MEMORY = {
    "a parked process": (60928, 49152, 20480),
    "a parked process, stack written": (60928, 49152, 28672),
}


def measure(binary_directory):
    """The rows that the programs in QEMU printed: of instructions, of bytes."""
    with tempfile.TemporaryDirectory() as folder:
        archive = os.path.join(folder, "archive")
        subprocess.run([sys.executable, ROOT / "tools/mkarchive.py", "-o", archive,
                        *(f"bin/{name}={binary_directory}/user/bin/{name}" for name in ("counts", "parked"))], check=True)
        done = subprocess.run([ROOT / "tools/qemu-run.sh", "--harts", "1", "--icount", "--initrd", archive, "--timeout", "300",
                               "--append", "*nproc=0", "-c", "counts", "-c", f"parked {PARKED}"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                              env=dict(os.environ, PROCYON_BINARY_DIR=binary_directory))
    if done.returncode != 0:
        sys.exit(f"the programs ended with status {done.returncode}:\n{done.stdout}{done.stderr[-4000:]}")
    counts = {name: int(value) for name, value in re.findall(r"(?m)^(.+)\t(\d+)$", done.stdout)}
    parked = re.findall(rf"(?m)^parked {PARKED}: (\d+) bytes each", done.stdout)
    return counts, dict(zip(MEMORY, map(int, parked), strict=False))


def show(title, rows, found):
    """Prints a table; returns how many goals are reached."""
    if set(found) != set(rows) or min(found.values()) <= 0:
        sys.exit(f"rows that are not as expected: {sorted(set(found) ^ set(rows))}, {found}")
    print(f"{title:34}{'Procyon':>10}{'goal':>10}{'Linux':>11}{'xv6':>13}")
    reached = 0
    for name, (linux, xv6, goal) in rows.items():
        reached += found[name] <= goal
        tick = "ok" if found[name] <= goal else f"x {found[name] / goal:.1f}"
        print(f"{name:34}{found[name]:10}{goal:10}{linux or '-':>11}{xv6 or '-':>13}  {tick}")
    return reached


def main(arguments):
    counts, memory = measure(os.path.abspath(arguments[0]))
    reached = show("instructions", ROWS, counts) + show("bytes", MEMORY, memory)
    goals = len(ROWS) + len(MEMORY)
    print(f"{reached} of {goals} goals reached")
    return 0 if "--check" in arguments or reached == goals else 1


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
