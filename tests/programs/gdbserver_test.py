#!/usr/bin/env python3
"""gdb-multiarch debugs one program of the running machine through /bin/gdbserver on the console: gdbserver_test.py
BINARY_DIRECTORY ARCHIVE GDB HARTS."""
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

try:
    import pexpect
except ImportError:
    raise SystemExit("python3-pexpect is not installed: tools/setup.sh installs it")

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
    ("info threads", r"(?s) 1 +Thread .*\* 2 +Thread .*in_thread"),
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
    """What is wrong with what gdb says to the commands of a session; all of that; what a person reads meanwhile; the console."""
    commands = ["set pagination off", "set confirm off", "set width 0", "set remotetimeout 60", f"target remote | {pipe}"]
    for number, (command, _) in enumerate(session):
        commands += [f"echo @{number}\\n", command]
    arguments = [word for command in commands for word in ("-ex", command)]
    done = subprocess.Popen([gdb, "-nx", "-batch", *arguments, program], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, cwd=machine.ROOT, errors="replace", start_new_session=True)
    if interrupt_at is not None:
        end = time.monotonic() + 120
        while interrupt_at not in pathlib.Path(log).read_bytes() and time.monotonic() < end:
            time.sleep(0.1)
        time.sleep(0.5)
        done.send_signal(signal.SIGINT)
    said, read = done.communicate(timeout=600)
    parts = re.split(r"^@(\d+)$", said, flags=re.M)
    answers = dict(zip(map(int, parts[1::2]), parts[2::2]))
    wrong = [f"{command}: wanted {wanted}, got {answers.get(number)}" for number, (command, wanted) in enumerate(session)
             if re.search(wanted, answers.get(number) or "") is None]
    return wrong, said, read, pathlib.Path(log).read_bytes().decode("utf-8", "replace")


# What stands for gdb when nothing that it says matters: the pipe is its child, and it has the stderr that a program's words
# go to. gdb's shell may stay between them (dash does not); its stderr is then a socket, which nothing can be written to.
GDB = ["sh", "-c", '"$@"; exit $?', "gdb"]
GDB_WITH_A_SHELL = ["sh", "-c", '("$@") 2>&0; exit $?', "gdb", *GDB]


def gone_unread(archive, harts, gdb):
    """A gdb that has gone before it read the last answers: the program goes on, and its words follow what stderr has."""
    ours, theirs = socket.socketpair()
    with tempfile.NamedTemporaryFile() as log, tempfile.TemporaryFile() as errors:
        errors.write(b"before\n")
        errors.flush()
        pipe = subprocess.Popen([*gdb, machine.ROOT / "tools/gdb-pipe.py", "--log", log.name, f"--runner=--harts={harts}",
                                 f"--runner=--initrd={archive}", "debuggee"],
                                stdin=theirs, stdout=theirs, stderr=errors)
        theirs.close()
        ours.settimeout(120)
        ours.sendall(b"$?#3f")
        answer = b""
        while not re.search(rb"\$[^#]*#..", answer):
            more = ours.recv(4096)
            if not more:
                break
            answer += more
        ours.sendall(b"+$D#44+")
        console = pathlib.Path(log.name)
        end = time.monotonic() + 60
        while b"$OK#9a" not in console.read_bytes() and time.monotonic() < end:
            time.sleep(0.01)
        ours.close()
        pipe.wait(timeout=120)
        said = console.read_bytes().decode("utf-8", "replace")
        errors.seek(0)
        read = errors.read()
    well = read.startswith(b"before\n") and b"debuggee: 21 1" in read and pipe.returncode == 0
    return [] if well else [f"gone: {pipe.returncode}, {answer!r}, read {read!r}, and then:\n{said[-400:]}"]


def left_by_hand(archive, harts):
    """A person at the console leaves before gdb has come: what was made ends, what was attached to goes on."""
    child = pexpect.spawn(str(machine.ROOT / "tools/qemu-run.sh"), ["--harts", str(harts), "--initrd", archive], timeout=60,
                          encoding="utf-8", dimensions=(24, 160))
    try:
        child.expect("% $")
        for key in "\x03\x04":
            child.send("gdbserver debuggee forever\r")
            child.expect("is stopped; Ctrl-C or Ctrl-D ends it; or leave the console to gdb: target remote\r+\n")
            child.send("$" + key)  # also where a packet could begin
            child.expect("% $")
            child.send("ps | grep -c debuggee\r")
            child.expect("\n0\r+\n\r*% $")
        child.send("debuggee forever &\r")
        child.expect("debuggee: waits\r+\n")
        child.send("gdbserver -p $apid\r")
        child.expect("is stopped; Ctrl-C or Ctrl-D lets it go on; or leave the console to gdb: target remote\r+\n")
        child.send("\x03")
        child.expect("% $")
        child.send("grep -c Stopped /proc/$apid/status; echo is there\r")
        child.expect("\n0\r+\nis there\r+\n\r*% $")
        return []
    except (pexpect.TIMEOUT, pexpect.EOF) as failure:
        return [f"at the console: {failure}"]
    finally:
        child.close(force=True)


def main(binary_directory, archive, gdb, harts):
    os.environ["PROCYON_BINARY_DIR"] = binary_directory
    program = pathlib.Path(binary_directory).resolve() / "user/bin/debuggee.debug"
    failed = False
    # At the end it has finished as if nobody had looked, but for what was changed.
    for words, session, interrupt_at, result in [("debuggee", SESSION, None, "debuggee: 41 1"),
                                                 ("debuggee forever", INTERRUPTED, b"debuggee: waits", "")]:
        with tempfile.NamedTemporaryFile() as log:
            pipe = f"{machine.ROOT}/tools/gdb-pipe.py --log {log.name} --runner=--harts={harts} --runner=--initrd={archive} {words}"
            wrong, said, read, console = debug(gdb, program, pipe, log.name, session, interrupt_at)
        machine.say(f"{said}\nand aside:\n{read}")
        if wrong or result not in console:
            machine.say("\n".join(wrong) + f"\nthe console:\n{console[-2000:]}")
            failed = True
    wrong = left_by_hand(archive, harts)
    wrong += gone_unread(archive, harts, GDB) + gone_unread(archive, harts, GDB_WITH_A_SHELL)
    if wrong:
        machine.say("\n".join(wrong))
    return 1 if failed or wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
