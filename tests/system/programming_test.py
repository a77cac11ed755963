#!/usr/bin/env python3
"""docs/programming.md: each command of it that runs on the maker's machine, in a folder as the page has it, on the board under
test. The rest are words of rc and CMake: rc_test.py runs rc's, tests/user/CMakeLists.txt has the lines for longest and hello."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

try:
    import pexpect
except ImportError:
    raise SystemExit("python3-pexpect is not installed: tools/setup.sh installs it")

from procyon import BOARD, PRESET, ROOT

PAGE = (ROOT / "docs/programming.md").read_text()
USER_FOLDER = pathlib.Path(os.environ.get("PROCYON_BINARY_DIR", ROOT / "build" / PRESET)).resolve() / "user"
RUNNER = "tools/qemu-run.sh"
HARD, SOFT = "-march=rv64gc -mabi=lp64d", "-march=rv64imac -mabi=lp64"


def on_the_board(commands):
    """The page is about QEMU and riscv64-release; what differs elsewhere, put in."""
    commands = commands.replace("build/riscv64-release/user", str(USER_FOLDER))
    if BOARD == "host":
        return commands.replace(RUNNER, f"{RUNNER} --board host").replace(HARD, SOFT)
    return commands.replace(RUNNER, f"{RUNNER} --board {BOARD} --preset {PRESET}")


class Programming(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for part in ("linker", "tools", "user"):
            (self.folder / part).symlink_to(ROOT / part)

    def said_by(self, commands):
        """What they print. They must succeed."""
        done = subprocess.run(["sh", "-e", "-c", on_the_board(commands)], cwd=self.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, f"{commands}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def test_the_program_is_written_built_packed_and_run(self):
        (self.folder / "longest.c").write_text(re.search(r"```c\n(.*?)```", PAGE, re.S).group(1))
        said = [self.said_by(commands) for commands in re.findall(r"```sh\n(.*?)```", PAGE, re.S)]
        line = max((ROOT / "user/archive/bin/tour").read_text().splitlines(), key=len)
        self.assertEqual(said, ["", f"/bin/tour: {len(line)}: {line}\n"])

    def test_commands_within_sentences(self):
        commands = re.findall(rf"`({RUNNER}[^`]*)`", PAGE)
        batch = [command for command in commands if " -c " in command]
        consoles = [command for command in commands if " -c " not in command]
        self.assertTrue(batch and consoles, commands)
        for command in batch:
            self.assertEqual(self.said_by(command), "")
        for command in consoles:
            child = pexpect.spawn("sh", ["-c", on_the_board(command)], cwd=self.folder, timeout=120, encoding="utf-8")
            try:
                child.expect("init is a program")
                child.expect("% $")
                child.send("halt\r")
                child.expect(pexpect.EOF)
            finally:
                child.close(force=True)
            self.assertEqual(child.exitstatus, 0)


if __name__ == "__main__":
    unittest.main()
