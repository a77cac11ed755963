#!/usr/bin/env python3
"""gdb-multiarch debugs one program of the running machine through /bin/gdbserver on the console: gdbserver_test.py
BINARY_DIRECTORY ARCHIVE GDB HARTS."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import machine

# What gdb is told, and what it must say then, in order; each is a regular expression.
SESSION = [
    ("break doubled", r"Breakpoint 1 at .*debuggee\.c"),
    ("continue", r"Breakpoint 1, doubled \(x=(x@entry=)?1\)"),
    ("backtrace", r"#1 +0x\w+ in main \(.*debuggee\.c"),
    ("print counter", r"= 0"),
    ("print $a0", r"= 1"),
    ("set var x = 11", ""),  # the sum is 20 more
    ("info threads", r"\* 1 .*debuggee.*doubled"),
    ("delete 1", ""),
    ("watch counter", r"atchpoint 2: counter"),
    ("continue", r"Old value = 0\s+New value = 32"),
    ("delete 2", ""),
    ("break by_reservation", "Breakpoint 3"),
    ("continue", r"Breakpoint 3, by_reservation"),
    ("next", "asm volatile|return now"),
    ("finish", r"Value returned is \$\d+ = 33"),
    ("handle SIGALRM stop print pass", ""),  # gdb would pass it silently
    ("continue", r"Program received signal SIGALRM"),
    ("print notes", r"= 0"),
    ("break in_thread", "Breakpoint 4"),
    ("continue", r"Breakpoint 4, in_thread"),
    ("info threads", r"(?s)\* \d+ .*in_thread.*main|main.*\* \d+ .*in_thread"),
    ("print *(int*)argument", r"= 4"),
    ("stepi 3", "0x"),
    ("info registers pc sp fcsr", r"(?s)pc .*sp .*fcsr"),
    ("x/2i $pc", "=> 0x"),
    ("detach", r"Inferior 1 .*detached"),
]


def main(binary_directory, archive, gdb, harts):
    program = pathlib.Path(binary_directory).resolve() / "user/bin/debuggee.debug"
    with tempfile.NamedTemporaryFile() as log:
        pipe = (f"{machine.ROOT}/tools/gdb-pipe.py --log {log.name} --runner=--harts={harts} --runner=--initrd={archive} debuggee")
        commands = ["set pagination off", "set confirm off", "set width 0", "set remotetimeout 60", f"target remote | {pipe}"]
        for number, (command, _) in enumerate(SESSION):
            commands += [f"echo @{number}\\n", command]
        arguments = [word for command in commands for word in ("-ex", command)]
        done = subprocess.run([gdb, "-nx", "-batch", *arguments, program], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=600, cwd=machine.ROOT, errors="replace",
                              env=dict(os.environ, PROCYON_BINARY_DIR=binary_directory))
        console = log.read().decode("utf-8", "replace")
    machine.say(done.stdout + done.stderr)
    parts = re.split(r"^@(\d+)$", done.stdout, flags=re.M)
    answers = dict(zip(map(int, parts[1::2]), parts[2::2]))
    wrong = [(command, wanted, answers.get(number)) for number, (command, wanted) in enumerate(SESSION)
             if re.search(wanted, answers.get(number) or "") is None]
    for command, wanted, answer in wrong:
        machine.say(f"{command}: wanted {wanted}, got {answer}")
    # It finishes as if nobody had looked, but for the argument that was changed.
    finished = "debuggee: 41 1" in console
    if not finished:
        machine.say(f"the console, which ends without its result:\n{console[-2000:]}")
    return 0 if finished and not wrong else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
