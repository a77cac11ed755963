#!/usr/bin/env python3
"""Runs the process test suite: each program must say ok.

usage: suite_test.py BINARY_DIRECTORY ARCHIVE HARTS                 in QEMU
       suite_test.py BINARY_DIRECTORY ARCHIVE HARTS PROGRAM BOOT_ARGUMENT...    in QEMU, one of them, with these arguments
       suite_test.py BINARY_DIRECTORY ARCHIVE --seeds FIRST-LAST    on the host, in the schedules of these seeds, with 1 to 4 harts
       suite_test.py BINARY_DIRECTORY ARCHIVE --threads HARTS       on the host, whose threads the harts are
"""
import pathlib
import re
import sys

import machine


# Folders whose programs the host does not have.
NOT_ON_HOST = ("floating", "devices")
# Seconds of the simulator, of which a call may take thousandths, and a sleep none of ours.
PATIENCE = 3600


def wrong(outcome, binary_directory, without=()):
    """What is not as it should be; "" if nothing is. The machine lacks the programs of some folders, if they are named."""
    # Scripts are there if there is a program that runs them.
    kinds = ["*/*.c"] + ["*/*.rc"] * pathlib.Path(binary_directory, "user/bin/rc").exists()
    here = pathlib.Path(__file__).parent
    names = {path.stem for kind in kinds for path in here.glob(kind) if path.parent.name not in without}
    passed = set(re.findall(r"(?m)^ok (\w+)$", outcome.text))
    if outcome.status == 0 and passed == names and outcome.last == f"{len(names)} passed, 0 failed":
        return ""
    return f"status {outcome.status}; not ok: {sorted(names - passed)}\n{outcome.errors}"


def main(binary_directory, archive, *how):
    if how[0] == "--threads":
        outcome = machine.run(binary_directory, archive, f"suite -p {PATIENCE}", harts=how[1], threads=True)
        why = wrong(outcome, binary_directory, NOT_ON_HOST)
        machine.say(outcome.text + why)
        return 1 if why else 0
    if len(how) > 1 and how[0] != "--seeds":
        outcome = machine.run(binary_directory, archive, f"suite {how[1]}", harts=how[0], append=" ".join(how[2:]))
        machine.say(outcome.text + outcome.errors)
        return 0 if outcome.status == 0 and outcome.last == "1 passed, 0 failed" else 1
    if how[0] != "--seeds":
        outcome = machine.run(binary_directory, archive, "suite", harts=how[0])
        machine.say(outcome.text + wrong(outcome, binary_directory))
        return 1 if wrong(outcome, binary_directory) else 0
    failed = 0
    for seed in machine.seeds(how[1]):
        outcome = machine.run(binary_directory, archive, f"suite -p {PATIENCE}", harts=machine.harts_of(seed), seed=seed)
        machine.say(f"seed {seed}, {machine.harts_of(seed)} harts: {outcome.last}")
        if wrong(outcome, binary_directory, NOT_ON_HOST):
            failed += 1
            machine.say(outcome.text + wrong(outcome, binary_directory, NOT_ON_HOST))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
