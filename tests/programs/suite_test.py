#!/usr/bin/env python3
"""Runs the process test suite: each program must say ok.

usage: suite_test.py BINARY_DIRECTORY ARCHIVE HARTS                 in QEMU
       suite_test.py BINARY_DIRECTORY ARCHIVE --seeds FIRST-LAST    on the host, in the schedules of these seeds, with 1 to 4 harts
"""
import pathlib
import re
import sys

import machine


# Folders whose programs the host does not have.
NOT_ON_HOST = ("floating", "devices")
# Seconds of the simulator, of which a call may take thousandths, and a sleep none of ours.
PATIENCE = 3600


def wrong(outcome, without=()):
    """What is not as it should be; "" if nothing is. The machine lacks the programs of some folders, if they are named."""
    names = {path.stem for path in pathlib.Path(__file__).parent.glob("*/*.c") if path.parent.name not in without}
    passed = set(re.findall(r"(?m)^ok (\w+)$", outcome.text))
    if outcome.status == 0 and passed == names and outcome.last == f"{len(names)} passed, 0 failed":
        return ""
    return f"status {outcome.status}; not ok: {sorted(names - passed)}\n{outcome.errors}"


def main(binary_directory, archive, *how):
    if how[0] != "--seeds":
        outcome = machine.run(binary_directory, archive, "suite", harts=how[0])
        machine.say(outcome.text + wrong(outcome))
        return 1 if wrong(outcome) else 0
    failed = 0
    for seed in machine.seeds(how[1]):
        outcome = machine.run(binary_directory, archive, f"suite -p {PATIENCE}", harts=machine.harts_of(seed), seed=seed)
        machine.say(f"seed {seed}, {machine.harts_of(seed)} harts: {outcome.last}")
        if wrong(outcome, NOT_ON_HOST):
            failed += 1
            machine.say(outcome.text + wrong(outcome, NOT_ON_HOST))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
