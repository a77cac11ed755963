#!/usr/bin/env python3
"""A fork costs the same whatever is resident: resident_test.py BINARY_DIRECTORY ARCHIVE [PAGES MEMORY].

The figures are instructions. With 1000000 pages, of which the child writes a copy each, the machine needs 9G, and a minute."""
import re
import sys

import machine

# With 10,000 pages against none, and with all against 10,000.
BOUNDS = (1.1, 1.05)


def main(binary_directory, archive, pages="100000", memory="1G"):
    outcome = machine.run(binary_directory, archive, f"resident {pages}", harts=1, memory=memory, processes=0, options=["--icount"])
    machine.say(outcome.text)
    costs = [int(cost) for cost in re.findall(r"(?m)^\d+ pages: (\d+)$", outcome.text)]
    flat = len(costs) == 3 and all(after <= bound * before for before, after, bound in zip(costs, costs[1:], BOUNDS))
    if outcome.status == 0 and outcome.last == "resident: all pages are as they were" and flat:
        return 0
    machine.say(f"status {outcome.status}; at most {BOUNDS} times what it was before\n{outcome.errors}")
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
