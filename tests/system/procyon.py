"""Runs the runner the way a person or a CI does, and hands back what came out. Shared by the system tests."""
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
RUNNER = ROOT / "tools/qemu-run.sh"
# The preset under test; ctest sets it.
PRESET = os.environ.get("PROCYON_PRESET", "riscv64-release")
BOARD = os.environ.get("PROCYON_BOARD", "virt")


class Outcome:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    @property
    def text(self):
        return self.out.decode("utf-8", "replace")

    def __repr__(self):
        return f"status {self.status}\nstdout:\n{self.text}\nstderr:\n{self.err.decode('utf-8', 'replace')[-4000:]}"


def runner(*arguments, timeout=120, **options):
    """Runs the runner with exactly these arguments."""
    done = subprocess.run([RUNNER, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=timeout, **options)
    return Outcome(done.returncode, done.stdout, done.stderr)


def run(*commands, options=(), board=BOARD, timeout=120, **process):
    """Boots the board under test and runs each command of rc."""
    arguments = ["--board", board]
    if board != "host":
        arguments += ["--preset", PRESET]
    arguments += options
    for command in commands:
        arguments += ["-c", command]
    return runner(*arguments, timeout=timeout, **process)


def is_debug():
    return PRESET.endswith("debug")
