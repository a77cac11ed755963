#!/usr/bin/env python3
"""The same Image on every machine that stands in for a board: shell, processes, typed input, power off, exit status.

usage: boards_test.py --list            print the names of the configurations
       boards_test.py [NAME]...         try these, or all; a line for each
"""
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

try:
    import pexpect
except ImportError:
    pexpect = None  # the names can be listed without: configure asks for them before everything is installed

from procyon import PRESET, ROOT, RUNNER, is_debug, runner

# What the JH7110's harts lack and QEMU's have, in the words of QEMU 9 and later.
BOARD_CPU = "rv64,sstc=off,svadu=off,svade=on,svpbmt=off,svinval=off,sv48=off,sv57=off,zicbom=off,zicboz=off,zawrs=off,h=off"
CONFIGURATIONS = {}


class Configuration:
    """A machine by the runner's options, and what must be seen on it."""

    def __init__(self, *options, harts, console="ns16550a", loader=None, tree=None):
        self.options = ["--preset", PRESET, *map(str, options)]
        self.harts = list(harts)  # the hart ids that run the kernel
        self.console = console
        self.loader = loader      # types into the boot loader, where that does not go by itself
        self.tree = tree          # changes the board's device tree: arguments of fdtput

    def arguments(self, folder):
        if not self.tree:
            return self.options
        blob = f"{folder}/changed.dtb"
        source = ROOT / "tools/boards/icicle.dts"
        subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb", "-o", blob, source], check=True)
        for change in self.tree:
            subprocess.run(["fdtput", "-t", "s", blob, *change], check=True)
        return [*self.options, "--", "-dtb", blob]


def knows_cpu(cpu):
    command = ["qemu-system-riscv64", "-M", "none", "-cpu", cpu, "-display", "none", "-monitor", "stdio"]
    try:
        return subprocess.run(command, input=b"quit\n", capture_output=True, timeout=60).returncode == 0
    except FileNotFoundError:
        return False


def type_into_uboot(*lines):
    def type_lines(child):
        child.expect("Hit any key to stop autoboot")
        child.send(" ")
        for line in lines:
            child.expect("=> $")
            child.send(line + "\r")
    return type_lines


# As a U-Boot of StarFive's does it, but for the name of the interface.
vendor_way = type_into_uboot("setenv bootpart 0:3", "fatload virtio ${bootpart} 0x84000000 uEnv.txt",
                             "env import -t 0x84000000 ${filesize}", "setenv card virtio", "run uenvcmd")
# What docs/boards.md tells people to type when nothing goes by itself.
by_hand = type_into_uboot("fatload virtio 0:3 0x84000000 /Image; booti 0x84000000 - ${fdtcontroladdr}")

for count in (1, 2, 4, 8):
    CONFIGURATIONS[f"virt_{count}"] = Configuration("--harts", count, harts=range(count))
CONFIGURATIONS |= {
    "virt_without_sstc": Configuration("--cpu", "rv64,sstc=off", "--harts", 4, harts=range(4)),
    "virt_sifive_u54": Configuration("--cpu", "sifive-u54", "--harts", 4, harts=range(4)),
    "sifive_u": Configuration("--board", "sifive_u", "--harts", 5, harts=range(1, 5), console="sifive,uart0"),
    "icicle": Configuration("--board", "icicle", harts=range(1, 5)),
    "icicle_dw_apb_uart": Configuration(
        "--board", "icicle", harts=range(1, 5), console="snps,dw-apb-uart",
        tree=[["/soc/serial@20100000", "compatible", "starfive,jh7110-uart", "snps,dw-apb-uart"],
              ["/", "compatible", "starfive,visionfive-2-v1.3b", "starfive,jh7110"]]),
    "vf2_like": Configuration("--board", "vf2-like", "--harts", 5, harts=range(1, 5)),
    "uboot": Configuration("--board", "uboot", "--harts", 4, harts=range(4)),
    "uboot_vendor_way": Configuration("--board", "uboot", harts=range(2), loader=vendor_way),
    "uboot_by_hand": Configuration("--board", "uboot", harts=range(2), loader=by_hand),
}
# The harts of boards leave the A and D bits of page table entries to the kernel; QEMU before 9 cannot.
if knows_cpu(BOARD_CPU):
    CONFIGURATIONS |= {
        "virt_software_a_d": Configuration("--cpu", BOARD_CPU, "--harts", 4, harts=range(4)),
        "vf2_like_software_a_d": Configuration("--board", "vf2-like", "--cpu", BOARD_CPU, harts=range(1, 5)),
    }


class Failure(Exception):
    pass


def require(condition, message):
    if not condition:
        raise Failure(message)


class Session:
    """A person at the console of a machine."""

    def __init__(self, arguments, loader):
        self.child = pexpect.spawn(str(RUNNER), arguments, timeout=60, encoding="utf-8", dimensions=(24, 200))
        self.log = ""
        if loader:
            loader(self.child)
        self.wait("help for the commands")
        self.wait("% $")

    def wait(self, pattern):
        self.child.expect(pattern)
        self.log += self.child.before + self.child.after
        return self.child.before

    def type(self, line):
        """Types a line, sees it echoed, and returns what was answered."""
        self.child.send(line)
        self.wait(re.escape(line))
        self.child.send("\r")
        # Past the echo, whose redrawn prompt is not the next one.
        self.wait("\n")
        return self.wait("% $").replace("\r", "")

    def leave(self):
        self.child.send("halt\r")
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus

    def end(self):
        self.child.close(force=True)


def look_around(configuration, arguments):
    """What a person sees; returns the hart that booted."""
    session = Session(arguments, configuration.loader)
    try:
        require(re.search(r"init +eve +Await", session.type("cat /proc/1/status")), "no status of process 1")
        require("100 kernel processes made and ended" in session.type("kprocs 100"), "kprocs did not end")
        rows = re.findall(r"^ +(\d+) ", session.type(f"spin {len(configuration.harts)}; cat /dev/sysstat"), re.M)
        require([int(row) for row in rows] == configuration.harts, f"harts {rows}, not {configuration.harts}")
        boot_log = session.type("cat /dev/kmesg")
        require(f"console: {configuration.console} at" in boot_log, f"the console is no {configuration.console}")
        boot_hart = int(re.search(r"booted by hart (\d+)", boot_log).group(1))
        require(boot_hart in configuration.harts, f"booted by hart {boot_hart}")
        status = session.leave()
        require(status == 0, f"halt left with status {status}")
        return boot_hart
    except (pexpect.TIMEOUT, pexpect.EOF) as error:
        raise Failure(f"{type(error).__name__} after\n{session.log}\n{session.child.before}") from None
    except Failure as failure:
        raise Failure(f"{failure}\n{session.log}") from None
    finally:
        session.end()


def check_status(arguments, commands, status, output):
    words = [word for command in commands for word in ("-c", command)]
    outcome = runner(*words, *arguments)
    require(outcome.status == status, f"{commands}: status {outcome.status}, not {status}\n{outcome!r}")
    require(output(outcome), f"{commands}: wrong output\n{outcome!r}")


def visit(configuration):
    with tempfile.TemporaryDirectory() as folder:
        arguments = configuration.arguments(folder)
        boot_hart = look_around(configuration, arguments)
        if configuration.loader is None:
            check_status(arguments, ["cat /proc/1/status"], 0, lambda outcome: len(outcome.out) == 176)
            check_status(arguments, ["cat /proc/1/status", "cat /nowhere"], 1, lambda outcome: len(outcome.out) > 176)
            if is_debug():
                check_status(arguments, ["crash"], 2, lambda outcome: b"write_through_null" in outcome.err)
    return boot_hart


def main():
    names = sys.argv[1:]
    if names == ["--list"]:
        print("\n".join(CONFIGURATIONS))
        return 0
    if pexpect is None:
        raise SystemExit("python3-pexpect is not installed: tools/setup.sh installs it")
    image = pathlib.Path(os.environ.get("PROCYON_BINARY_DIR", ROOT / "build" / PRESET)) / "Image"
    failed = False
    for name in names or CONFIGURATIONS:
        begin = time.monotonic()
        try:
            boot_hart = visit(CONFIGURATIONS[name])
            checksum = hashlib.sha256(image.read_bytes()).hexdigest()[:16]
            harts = ",".join(map(str, CONFIGURATIONS[name].harts))
            print(f"{name:22} ok  Image {checksum}, harts {harts}, booted by {boot_hart}, {time.monotonic() - begin:.1f} s",
                  flush=True)
        except Failure as failure:
            failed = True
            print(f"{name:22} FAILED {failure}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
