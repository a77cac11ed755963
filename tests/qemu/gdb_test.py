#!/usr/bin/env python3
"""Attaches gdb to the kernel in QEMU and holds what tools/gdb/procyon.py says against what must be there.

usage: gdb_test.py IMAGE ELF debug|release

Release builds count spin locks and do not list them, and have few functions to stop at.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMANDS = ROOT / "tools/gdb/procyon.py"
HARTS = 2
SECONDS = 60


class Machine:
    """QEMU with a console on pipes and a socket for gdb."""

    def __init__(self, image, folder, *arguments):
        self.socket = f"{folder}/gdb.sock"
        self.console = ""
        self.process = subprocess.Popen(
            ["qemu-system-riscv64", "-machine", "virt", "-smp", str(HARTS), "-m", "256M", "-display", "none", "-serial", "stdio",
             "-monitor", "none", "-no-reboot", "-kernel", image, "-gdb", f"unix:{self.socket},server=on,wait=off", *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        threading.Thread(target=self.listen, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def listen(self):
        while block := self.process.stdout.read1():
            self.console += block.decode(errors="replace")

    def wait_for(self, text):
        end = time.monotonic() + SECONDS
        while text not in self.console:
            if time.monotonic() > end or self.process.poll() is not None:
                sys.exit(f"'{text}' did not come on the console:\n{self.console}")
            time.sleep(0.02)

    def type(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def gdb(self, elf, *commands, typing=None):
        """What gdb says to these commands, each under a line `## COMMAND`, as a dictionary. Then gdb lets go. `typing` is a line
        for the console that arrives while the machine is stopped, and is read when it continues."""
        words = ["gdb-multiarch", "-nx", "-batch", "-ex", "set arch riscv:rv64", "-ex", f"file {elf}", "-ex", f"source {COMMANDS}",
                 "-ex", f"target remote {self.socket}"]
        for command in commands:
            words += ["-ex", f"echo \\n## {command}\\n", "-ex", command]
        said = ""
        with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as gdb:
            limit = threading.Timer(SECONDS, gdb.kill)
            limit.start()
            for line in gdb.stdout:
                print(line, end="")
                said += line
                if typing and line.startswith("## "):
                    self.type(typing)
                    typing = None
            limit.cancel()
        return {part.partition("\n")[0]: part.partition("\n")[2] for part in said.split("\n## ")[1:]}


def require(pattern, text):
    if not re.search(pattern, text, re.M):
        sys.exit(f"nothing matches {pattern} in:\n{text}")


def at_the_prompt(machine, elf):
    """Both processes sleep, no hart has anything to do, and nothing is held but the console by its reader."""
    machine.wait_for("% ")
    said = machine.gdb(elf, "procs", "runq", "locks", "x/i $pc")
    require(r"^ +1 +\d+ Live +Wakeme +\d+ +\d+/\d+ +\d+  init +\w+$", said["procs"])
    require(r"^ +2 +\d+ Live +Wakeme +\d+ +\d+/\d+ +\d+  rc +Pread$", said["procs"])
    if len(said["procs"].strip().splitlines()) != 3:
        sys.exit("there are not two processes")
    for hart in range(HARTS):
        require(rf"^hart {hart} \(hardware id \d+\): idle; 0 ready$", said["runq"])
        require(rf"^hart {hart}: 0 spin locks$", said["locks"])
    require(r"^process 2 rc: holds Device$", said["locks"])
    # Who looked at other harts is back where it was, in the kernel's half of the addresses.
    require(r"^=> 0xffffffff8", said["x/i $pc"])


def where_a_lock_is_held(machine, elf):
    """The shell makes a child; when that has ended and is put aside, the lock of all families is held."""
    said = machine.gdb(elf, "break kernel::proc::FamilyTree::add", "continue", "runq", "delete",
                       "break kernel::proc::FamilyTree::settle", "continue", "locks", "procs", typing="@{echo hi}")
    require(r"^hart \d \(hardware id \d\): runs rc \(\w+\); \d ready$", said["runq"])
    require(r"^hart \d: 1 spin lock$", said["locks"])
    require(r"^    ProcTree at 0xffffffff\w{8}, taken by kernel::proc::FamilyTree::\w+\(.*\)\+\d+$", said["locks"])
    require(r"^ +\d+ +\d+ Gone +\w+ .* rc$", said["procs"])
    # And the machine goes on as if nothing had been.
    machine.wait_for("hi\r\n")
    machine.type("echo still here | cat")
    machine.wait_for("\nstill here")


def main():
    image, elf, kind = sys.argv[1:]
    for tool in ("qemu-system-riscv64", "gdb-multiarch"):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is not installed: tools/setup.sh installs it")
    with tempfile.TemporaryDirectory() as folder:
        # Stopped at its first instruction, the machine has no kernel yet.
        expected = "no hart has the kernel mapped now"
        with Machine(image, folder, "-S") as machine:
            end = time.monotonic() + SECONDS
            while not pathlib.Path(machine.socket).exists() and time.monotonic() < end:
                time.sleep(0.02)
            for said in machine.gdb(elf, "procs", "runq", "locks").values():
                require(expected, said)
        with Machine(image, folder) as machine:
            at_the_prompt(machine, elf)
            if kind == "debug":
                where_a_lock_is_held(machine, elf)


if __name__ == "__main__":
    main()
