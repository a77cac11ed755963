#!/usr/bin/env python3
"""Lets gdb debug a program of Procyon: boots it, starts gdbserver on its console, and is what gdb talks to.

  gdb-multiarch build/riscv64-release/user/bin/ps.debug -ex 'target remote | tools/gdb-pipe.py ps -a'

usage: tools/gdb-pipe.py [--log FILE] [--runner OPTION]... command [argument ...]

  --log FILE       what the console says
  --runner OPTION  goes to tools/qemu-run.sh, e.g. --runner=--harts=4

What the program says comes on gdb's stderr, also when gdb has detached, until the console is free; then the machine is
ended.
"""
import argparse
import os
import pathlib
import pty
import re
import select
import signal
import sys
import time

RUNNER = pathlib.Path(__file__).with_name("qemu-run.sh")
PROMPT = b"% "
READY = b"target remote"


class Console:
    """The console of a machine that this started, on a terminal of its own."""

    def __init__(self, options, log):
        self.log = log
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execv(RUNNER, [str(RUNNER), *options])

    def read(self, seconds):
        """What it says next; nothing when it ended or the time has passed."""
        if not select.select([self.fd], [], [], max(seconds, 0))[0]:
            return b""
        try:
            data = os.read(self.fd, 4096)
        except OSError:  # it ended
            return b""
        self.log.write(data)
        return data

    def wait_for(self, text, seconds):
        """All that it says up to `text`; None if it says no such thing."""
        end, said = time.monotonic() + seconds, b""
        while text not in said:
            data = self.read(end - time.monotonic())
            if not data:
                return None
            said += data
        return said

    def end(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def stderr_of_gdb():
    """A file that appends to gdb's stderr. gdb reads ours, and shows it only while it debugs; ours is a socket of gdb's, as
    is that of each process between, such as a shell, and no socket can be opened: so it is the nearest that can be."""
    pid = os.getppid()
    while pid > 0:
        try:
            return open(f"/proc/{pid}/fd/2", "ab", buffering=0)
        except OSError:
            pass
        try:
            pid = int(re.search(r"^PPid:\s*(\d+)$", pathlib.Path(f"/proc/{pid}/status").read_text(), re.M)[1])
        except OSError:  # it has gone
            break
    return open(os.devnull, "ab", buffering=0)


class Person:
    """Shows what the program says among the packets of gdbserver, which gdb passes over."""

    PACKET = re.compile(rb"\+*\$[^#$]*#[0-9a-f]{2}")
    UNFINISHED = re.compile(rb"\+*(\$[^#$]*(#[0-9a-f]?)?)?\Z")

    def __init__(self):
        self.unfinished = b""
        self.file = stderr_of_gdb()

    def show(self, data):
        text = self.PACKET.sub(b"", self.unfinished + data)
        end = self.UNFINISHED.search(text).start()
        self.unfinished = text[end:]
        self.file.write(text[:end].replace(b"\r", b""))


def relay(console, person):
    """Bytes from gdb to the console and back, until one of them closes."""
    while True:
        ready, _, _ = select.select([0, console.fd], [], [])
        if 0 in ready:
            try:
                data = os.read(0, 4096)
            except ConnectionResetError:  # it closed with what the program said unread
                return
            if not data:
                return
            os.write(console.fd, data)
        if console.fd in ready:
            data = console.read(0)
            if not data:
                return
            person.show(data)
            try:
                os.write(1, data)
            except OSError:  # it closed while the program spoke
                return


def show_the_rest(console, person):
    """What the program says until the console is free. gdbserver waits for it; one that goes on is ended after a minute."""
    # gdb waits five seconds, asks this to end, and waits on.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.write(console.fd, b"\r")
    end, said = time.monotonic() + 60, b""
    while PROMPT not in said:
        data = console.read(end - time.monotonic())
        if not data:
            return
        person.show(data)
        said += data


def quoted(word):
    """As rc takes it for one word."""
    return word if word.replace("/", "").replace("-", "").replace(".", "").isalnum() else "'" + word.replace("'", "''") + "'"


def main():
    parser = argparse.ArgumentParser(usage="tools/gdb-pipe.py [--log FILE] [--runner OPTION]... command [argument ...]")
    parser.add_argument("--log", default=os.devnull)
    parser.add_argument("--runner", action="append", default=[])
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    if not given.command:
        parser.error("no command")
    with open(given.log, "wb", buffering=0) as log:
        console = Console(given.runner, log)
        try:
            # The first boot may have to build.
            if console.wait_for(PROMPT, 1800) is None:
                sys.exit("gdb-pipe.py: the machine did not boot; --log says more")
            os.write(console.fd, "gdbserver {}\r".format(" ".join(map(quoted, given.command))).encode())
            said = console.wait_for(READY, 60)
            if said is None:
                sys.exit("gdb-pipe.py: gdbserver did not begin; --log says more")
            person = Person()
            relay(console, person)
            show_the_rest(console, person)
        finally:
            console.end()


if __name__ == "__main__":
    main()
