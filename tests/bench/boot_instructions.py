#!/usr/bin/env python3
"""Instructions from the kernel's entry to the first command at the prompt, counted, on a small and a large machine.

With --icount an instruction is a nanosecond, so the machine's clock counts them. Prints the figures, and holds them to
the goal: 3 million at most, and the same within a tenth whatever the memory, since a boot touches only what it needs.
"""
import pathlib
import re
import subprocess
import sys

RUNNER = pathlib.Path(__file__).resolve().parents[2] / "tools/qemu-run.sh"
MEMORIES = ("128M", "512M", "4G")
MOST = 3_000_000


def boot(memory):
    done = subprocess.run([RUNNER, "--icount", "--harts", "1", "--mem", memory, "-c", "cat /dev/time /dev/kmesg"],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=200)
    if done.returncode != 0:
        sys.exit(f"{memory}: status {done.returncode}\n{done.stderr}")
    first_command = int(done.stdout.split()[2]) // 1000
    up, entry = map(int, re.search(r"up (\d+) us after kernel entry at (\d+) us", done.stdout).groups())
    return up * 1000, (first_command - entry) * 1000


def main():
    print(f"{'memory':>8} {'to the first process':>22} {'to the first command':>22}   instructions after firmware")
    totals = []
    for memory in MEMORIES:
        process, command = boot(memory)
        totals.append(command)
        print(f"{memory:>8} {process:>22,} {command:>22,}")
    if max(totals) > MOST:
        sys.exit(f"more than {MOST:,} instructions")
    if max(totals) > 1.1 * min(totals):
        sys.exit("the memory's size makes a difference of more than a tenth")


if __name__ == "__main__":
    main()
