#!/usr/bin/env python3
"""Runs the image procyon-test in QEMU and holds its TAP output against the list of cases.

usage: run_image.py [--harts N] [--canary] IMAGE

With --canary the image is asked to fail its first case, and the test passes if exactly that is seen.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys

QEMU = os.environ.get("PROCYON_QEMU", "qemu-system-riscv64")


def cases():
    """The names in cases.def, in order."""
    text = pathlib.Path(__file__).with_name("cases.def").read_text()
    return re.findall(r"^CASE\((\w+)\)", text, re.M)


def boot(options):
    """Runs the image; returns QEMU's status (None if it had to be ended) and the console's lines."""
    command = [QEMU, "-machine", "virt", "-smp", str(options.harts), "-m", "128M", "-display", "none", "-serial", "stdio",
               "-monitor", "none", "-no-reboot", "-kernel", options.image]
    if options.canary:
        command += ["-append", "*contract-canary"]
    try:
        run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=options.timeout)
        status, output = run.returncode, run.stdout + run.stderr
    except subprocess.TimeoutExpired as late:
        status, output = None, late.stdout or b""
    return status, [line.rstrip() for line in output.decode(errors="replace").splitlines()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--harts", type=int, default=2)
    parser.add_argument("--timeout", type=int, default=200)
    parser.add_argument("--canary", action="store_true")
    parser.add_argument("image")
    options = parser.parse_args()
    if shutil.which(QEMU) is None:
        sys.exit(f"{QEMU} is not installed: tools/setup.sh installs it")
    status, lines = boot(options)
    print("\n".join(lines))
    names = cases()
    failed = 1 if options.canary else 0
    expected = [f"1..{len(names)}"]
    expected += [f"{'not ok' if number < failed else 'ok'} {number + 1} - {name}" for number, name in enumerate(names)]
    expected += [f"# contract: {options.harts} harts, {len(names)} cases, {failed} failed"]
    seen = [line for line in lines if re.match(r"(1\.\.|ok |not ok |# contract)", line)]
    if status is None:
        sys.exit(f"no end within {options.timeout} s")
    if seen != expected:
        sys.exit(f"these were expected and did not come, or came otherwise: {[line for line in expected if line not in seen]}")
    if status != failed:
        sys.exit(f"QEMU's status is {status}, not {failed}")


if __name__ == "__main__":
    main()
