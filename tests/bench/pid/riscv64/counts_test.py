#!/usr/bin/env python3
"""Instructions of each operation of the Pid hash on riscv64, counted by QEMU: a table, held to upper bounds.

usage: counts_test.py IMAGE

Where an operation is called, the call and the loop's choice of a number count too: what a caller pays. `pick` is that choice alone.
"""
import os
import re
import subprocess
import sys

QEMU = os.environ.get("PROCYON_QEMU", "qemu-system-riscv64")
# A little above what g++ 12 makes of it.
MOST = {"pick": 5, "lookup_hit": 21, "lookup_miss": 17, "acquire_release": 69, "dup_release": 48, "allocate_release": 128,
        "allocate_bind_exit": 158, "next_live": 108}


def main():
    done = subprocess.run([QEMU, "-M", "virt", "-smp", "1", "-m", "128M", "-icount", "shift=0,sleep=off", "-display", "none",
                           "-monitor", "none", "-serial", "stdio", "-no-reboot", "-kernel", sys.argv[1]],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100)
    if done.returncode != 0 or "DONE" not in done.stdout:
        sys.exit(f"status {done.returncode}\n{done.stdout}{done.stderr}")
    counts = {name: int(total) / int(times) for name, total, times in re.findall(r"count (\w+) (\d+) (\d+)", done.stdout)}
    if set(counts) != set(MOST):
        sys.exit(f"not what was to be counted: {sorted(counts)}")
    print(f"{'instructions':<20} {'seen':>7} {'at most':>8}")
    for name, most in MOST.items():
        print(f"{name:<20} {counts[name]:>7.1f} {most:>8}{'' if counts[name] <= most else '   too many'}")
    sys.exit(any(counts[name] > most for name, most in MOST.items()))


if __name__ == "__main__":
    main()
