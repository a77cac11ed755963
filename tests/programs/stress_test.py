#!/usr/bin/env python3
"""Runs the program `stress`: the machine stays up, and holds afterwards what it held before.

usage: stress_test.py BINARY_DIRECTORY ARCHIVE FIRST-LAST HARTS    a boot in QEMU for each seed
       stress_test.py BINARY_DIRECTORY ARCHIVE FIRST-LAST          on the host, in the schedules of these seeds, with 1 to 4 harts
"""
import sys

import machine

WORKERS = 6
STEPS = 400


def main(binary_directory, archive, seeds, harts=None):
    failed = 0
    for seed in machine.seeds(seeds):
        on = {"harts": harts} if harts else {"harts": machine.harts_of(seed), "seed": seed}
        command = f"suite 'stress {seed} {WORKERS} {STEPS}'"
        outcome = machine.run(binary_directory, archive, command, seconds=300, **on)
        lines = outcome.text.splitlines()
        passed = outcome.status == 0 and outcome.last == "1 passed, 0 failed"
        machine.say(f"{on['harts']} harts, {next((line for line in lines if line.startswith('seed ')), f'seed {seed}')}")
        if not passed:
            failed += 1
            machine.say(f"status {outcome.status}\n{outcome.text}{outcome.errors}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
