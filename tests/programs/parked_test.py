#!/usr/bin/env python3
"""Ten thousand processes asleep in 1 GiB: parked_test.py BINARY_DIRECTORY ARCHIVE HARTS BUILD_TYPE. What each costs is bounded, too."""
import re
import sys

import machine

COUNT = 10000
# Bytes each: one that has touched nothing, and one that wrote a word to its stack.
BOUNDS = {"": 20 * 1024, " after a write to the stack": 28 * 1024}
# By how much the kernel's stacks are larger in debug builds.
LARGER_STACK = 8 * 1024


def main(binary_directory, archive, harts, build_type):
    bounds = {how: bound + (LARGER_STACK if build_type == "Debug" else 0) for how, bound in BOUNDS.items()}
    outcome = machine.run(binary_directory, archive, f"parked {COUNT}", harts=harts, memory="1G", processes=0)
    machine.say(outcome.text)
    rows = {how: int(size) for size, how in re.findall(rf"parked {COUNT}: (\d+) bytes each(.*), ps lists", outcome.text)}
    passed = outcome.status == 0 and outcome.last == "parked: all counts are as they were"
    if passed and all(rows.get(how, bound + 1) <= bound for how, bound in bounds.items()):
        return 0
    machine.say(f"status {outcome.status}; bounds {bounds}\n{outcome.errors}")
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
