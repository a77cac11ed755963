"""What the tests of tools/ share: where things are, and a tree with the tools but a project of our own."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tools"
HERE = pathlib.Path(__file__).resolve().parent

sys.path[:0] = [str(TOOLS), str(TOOLS / "lib")]


class Outcome:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    def __repr__(self):
        return f"status {self.status}\nstdout:\n{self.out!r}\nstderr:\n{self.err}"


def run(*argv, environment=None, timeout=60, **options):
    """Runs a program without a terminal. Variables in environment that are None are removed."""
    variables = dict(os.environ)
    for name, value in (environment or {}).items():
        if value is None:
            variables.pop(name, None)
        else:
            variables[name] = str(value)
    options.setdefault("stdin", subprocess.DEVNULL)
    done = subprocess.run(list(map(os.fsencode, argv)), env=variables, timeout=timeout, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, **options)
    return Outcome(done.returncode, done.stdout, done.stderr.decode(errors="replace"))


class FolderTest(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="procyon-test."))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, content, executable=False):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        if executable:
            path.chmod(0o755)
        return path

    def install_fake_machine(self, name):
        """Puts the fake machine where the runner looks for one."""
        return self.write(name, f"#!/bin/sh\nexec {sys.executable} -S {HERE / 'fake_machine.py'} \"$@\"\n", executable=True)
