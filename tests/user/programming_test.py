#!/usr/bin/env python3
"""docs/programming.md: its program is the example, and its commands build and pack it.

usage: programming_test.py USER_FOLDER_OF_THE_BUILD
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/programming.md").read_text()
USER_FOLDER = sys.argv.pop()
HARD = "-march=rv64gc -mabi=lp64d"


def block(language, index):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[index]


class Programming(unittest.TestCase):
    def test_the_program_is_the_example(self):
        self.assertEqual(block("c", 0), (ROOT / "user/examples/longest.c").read_text())

    def test_the_commands_build_and_pack_it(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            for part in ("user", "linker", "tools"):
                (folder / part).symlink_to(ROOT / part)
            (folder / "longest.c").write_text(block("c", 0))
            # The page is about riscv64 builds; the library of this one may be soft-float.
            commands = block("sh", 0).replace("build/riscv64-release/user", USER_FOLDER)
            self.assertIn(HARD, commands)
            commands = commands.replace(HARD, "-march=rv64imac -mabi=lp64")
            done = subprocess.run(["sh", "-e", "-c", commands], cwd=folder, capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
            program = (folder / "longest").read_bytes()
            self.assertIn(program, (folder / "longest.cpio").read_bytes())

    def test_every_call_is_named(self):
        rows = re.findall(r"^SYSCALL\(\d+, (\w+),", (ROOT / "user/include/syscalls.def").read_text(), re.MULTILINE)
        missing = [name for name in rows if name != "sysr1" and f"`{name}" not in PAGE]
        self.assertEqual(missing, [])


if __name__ == "__main__":
    unittest.main()
