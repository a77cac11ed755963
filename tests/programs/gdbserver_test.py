#!/usr/bin/env python3
"""gdb-multiarch debugs one program of the running machine through /bin/gdbserver on the console: gdbserver_test.py
BINARY_DIRECTORY ARCHIVE GDB HARTS."""
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

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


# The same for one that runs for ever, and is interrupted when it says that it waits.
INTERRUPTED = [
    ("continue", r"Program received signal SIGINT"),
    ("print counter > 0", r"= 1"),
    ("set var go_on = 1", ""),
    ("continue", r"exited with code 01"),
]


def debug(gdb, program, pipe, log, session, interrupt_at=None):
    """What gdb says to each command of a session, all that it says, and what the console does."""
    commands = ["set pagination off", "set confirm off", "set width 0", "set remotetimeout 60", f"target remote | {pipe}"]
    for number, (command, _) in enumerate(session):
        commands += [f"echo @{number}\\n", command]
    arguments = [word for command in commands for word in ("-ex", command)]
    done = subprocess.Popen([gdb, "-nx", "-batch", *arguments, program], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, cwd=machine.ROOT, errors="replace", start_new_session=True)
    if interrupt_at is not None:
        end = time.monotonic() + 120
        while interrupt_at not in pathlib.Path(log).read_bytes() and time.monotonic() < end:
            time.sleep(0.1)
        time.sleep(0.5)
        done.send_signal(signal.SIGINT)
    said, _ = done.communicate(timeout=600)
    parts = re.split(r"^@(\d+)$", said, flags=re.M)
    answers = dict(zip(map(int, parts[1::2]), parts[2::2]))
    wrong = [f"{command}: wanted {wanted}, got {answers.get(number)}" for number, (command, wanted) in enumerate(session)
             if re.search(wanted, answers.get(number) or "") is None]
    return wrong, said, pathlib.Path(log).read_bytes().decode("utf-8", "replace")


def main(binary_directory, archive, gdb, harts):
    os.environ["PROCYON_BINARY_DIR"] = binary_directory
    program = pathlib.Path(binary_directory).resolve() / "user/bin/debuggee.debug"
    failed = False
    # At the end it has finished as if nobody had looked, but for what was changed.
    for words, session, interrupt_at, result in [("debuggee", SESSION, None, "debuggee: 41 1"),
                                                 ("debuggee forever", INTERRUPTED, b"debuggee: waits", "")]:
        with tempfile.NamedTemporaryFile() as log:
            pipe = f"{machine.ROOT}/tools/gdb-pipe.py --log {log.name} --runner=--harts={harts} --runner=--initrd={archive} {words}"
            wrong, said, console = debug(gdb, program, pipe, log.name, session, interrupt_at)
        machine.say(said)
        if wrong or result not in console:
            machine.say("\n".join(wrong) + f"\nthe console:\n{console[-2000:]}")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
