"""A machine of little memory and few processes, so that running out is quick, which runs a command: in QEMU or on the host."""
import os
import pathlib
import subprocess
import sys

# Of QEMU's virt machine, for the programs of devices/: its clock, the same to be read only, and a place where nothing is.
DEVICES = "rtc:0x101000:0x1000,rtcr:0x101000:0x1000:r,nothing:0x1000000:0x2000"
ROOT = pathlib.Path(__file__).resolve().parents[2]


class Outcome:
    def __init__(self, done):
        self.status = done.returncode
        self.out = done.stdout
        self.text = done.stdout.decode("utf-8", "replace")
        self.errors = done.stderr.decode("utf-8", "replace")[-4000:]

    @property
    def last(self):
        return self.text.splitlines()[-1] if self.text else ""


def run(binary_directory, archive, command, *, harts, seed=None, threads=False, memory="64M", processes=120, append="",
        seconds=800, options=()):
    """Runs a command of the kernel's shell in QEMU; with a seed on the host, in that schedule of the simulator; or with harts that are
    threads of the host."""
    board = ["--board", "host"] if threads else [] if seed is None else ["--board", "host", "--seed", str(seed)]
    devices = "" if board else f"*segments={DEVICES}"
    done = subprocess.run([ROOT / "tools/qemu-run.sh", *board, "--harts", str(harts), "--mem", memory,
                           "--append", f"*nproc={processes} {append} {devices}", "--initrd", archive, "--timeout", str(seconds), *options, "-c", command],
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds + 60,
                          env=dict(os.environ, PROCYON_BINARY_DIR=binary_directory))
    return Outcome(done)


def seeds(text):
    """FIRST-LAST as numbers."""
    first, last = map(int, text.split("-"))
    return range(first, last + 1)


def harts_of(seed):
    return 1 + seed % 4


def say(text):
    print(text)
    sys.stdout.flush()
