#!/usr/bin/env python3
"""The core of a program that died of nil, opened by a debugger elsewhere: core_test.py BINARY_DIRECTORY ARCHIVE GDB."""
import pathlib
import subprocess
import sys
import tempfile

import machine

CRASH = "total += link->value;"
COMMANDS = ["set pagination off", "bt", "print first", "info registers", "info threads", "print $ft0"]
# Whoever waits for it hears of its end a moment before it is Broken.
SAVE = ("faulty >[2]/dev/null; while(! ps | grep Broken >/dev/null) sleep 1; "
        "for(p in /proc/[0-9]*) if(grep Broken $p/status >/dev/null) cat $p/core")


def main(binary_directory, archive, gdb):
    outcome = machine.run(binary_directory, archive, SAVE, harts=2)
    source = pathlib.Path(machine.ROOT / "tests/programs/faulty.c").read_text().splitlines()
    line = 1 + next(i for i, text in enumerate(source) if CRASH in text)
    program = pathlib.Path(binary_directory).resolve() / "user/bin/faulty.debug"
    with tempfile.NamedTemporaryFile() as core:
        core.write(outcome.out)
        core.flush()
        arguments = [word for command in COMMANDS for word in ("-ex", command)]
        done = subprocess.run([gdb, "-nx", "-batch", *arguments, program, core.name], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120, cwd=machine.ROOT)
    said = done.stdout + done.stderr
    machine.say(said)
    wanted = ["SIGSEGV", f"faulty.c:{line}", f"{line}\t", CRASH, "sum (", "main (", "value = 4", "<sum+", "* 1 "]
    missing = [text for text in wanted if text not in said]
    if outcome.status == 0 and not missing:
        return 0
    machine.say(f"status {outcome.status}, {len(outcome.out)} bytes; not said: {missing}\n{outcome.errors}")
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
