#!/usr/bin/env python3
"""Runs the Pid hash's torture image in QEMU: pid_torture_test.py IMAGE [births [harts]]

Numbers are as few bits as the options allow, and rest for no time, so that they come again while the image runs. How many births:
as the tier says (PROCYON_TEST_TIER), or as given.
"""
import os
import re
import subprocess
import sys

QEMU = os.environ.get("PROCYON_QEMU", "qemu-system-riscv64")
BIRTHS = {"fast": 20_000, "default": 100_000, "long": 1_000_000}


def main():
    image = sys.argv[1]
    births = int(sys.argv[2]) if len(sys.argv) > 2 else BIRTHS[os.environ.get("PROCYON_TEST_TIER", "default")]
    harts = sys.argv[3] if len(sys.argv) > 3 else "4"
    command = [QEMU, "-M", "virt", "-smp", harts, "-m", "256M", "-display", "none", "-monitor", "none", "-serial", "stdio",
               "-no-reboot", "-kernel", image, "-append", f"*births={births} *nproc=500 *pidbits=14 *piddelay=0"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
    print(done.stdout[done.stdout.find("Procyon "):])
    wraps = re.search(r"^numbers .* wraps (\d+) ", done.stdout, re.M)
    if done.returncode != 0 or "\nPASS" not in done.stdout or "\nFAIL" in done.stdout or not wraps:
        sys.exit(f"it did not pass; QEMU's status is {done.returncode}\n{done.stderr}")
    if int(wraps.group(1)) < births // 2048 - 1:
        sys.exit("numbers did not come again")


if __name__ == "__main__":
    main()
