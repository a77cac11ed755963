"""tools/qemu-run.sh at a terminal, with a fake machine: every key arrives, Ctrl-a x leaves, the terminal is as it was."""

import os
import sys
import unittest

try:
    import pexpect
except ImportError:
    sys.exit("python3-pexpect is not installed: tools/setup.sh installs it")

from support import TOOLS, FolderTest

RUNNER = TOOLS / "qemu-run.sh"


class Terminal(FolderTest):
    def setUp(self):
        super().setUp()
        self.install_fake_machine("procyon-host")

    def start(self, options=""):
        # A shell around the runner says how it ended and in which state it left the terminal.
        script = f"""before=$(stty -a); "{RUNNER}" --board host {options}; status=$?
            test "$before" = "$(stty -a)" && echo "terminal same" || echo "terminal changed"
            python3 -c 'import fcntl, os; print("blocking", not fcntl.fcntl(0, fcntl.F_GETFL) & os.O_NONBLOCK)'
            echo "status $status" """
        child = pexpect.spawn("/bin/bash", ["--norc", "-c", script], timeout=30, encoding="latin-1",
                              env=os.environ | {"PROCYON_BINARY_DIR": str(self.folder)})
        self.addCleanup(child.close, force=True)
        child.expect_exact("% ")
        return child

    def finish(self, child, status):
        child.expect("terminal (same|changed)\r\nblocking (True|False)\r\nstatus (\\d+)\r\n")
        self.assertEqual(child.match.groups(), ("same", "True", str(status)))

    def test_every_key_reaches_the_machine(self):
        child = self.start()
        keys = bytes([3, 26, 28, 4, 13, 10, 9, 17, 19, 21, 127, 27, 0, 255, 1, 5, 1, 1, ord("x")])
        child.send(keys.decode("latin-1"))
        for key in keys:
            child.expect_exact(f"<{key:02x}>")
        child.send("h")
        self.finish(child, 0)

    def test_ctrl_a_x_leaves(self):
        for last in "xX":
            child = self.start()
            child.send("a\x01")
            child.expect_exact("<61><01>")
            child.send(last)
            self.finish(child, 0)

    def test_a_panic_is_status_2(self):
        child = self.start()
        child.send("P")
        child.expect_exact("panic: null dereference\r\n")
        self.finish(child, 2)

    def test_a_machine_that_fails_is_status_125(self):
        child = self.start()
        child.send("q")
        child.expect_exact("qemu-run.sh: the machine ended with status 3\r\n")
        self.finish(child, 125)

    def test_the_time_can_be_limited(self):
        child = self.start("--timeout 1")
        child.expect_exact("qemu-run.sh: timed out after 1 s: the machine still ran\r\n")
        self.finish(child, 124)

    def test_log_gets_a_copy_of_the_console(self):
        log = self.folder / "log"
        child = self.start(f"--log {log}")
        child.send("ah")
        self.finish(child, 0)
        self.assertEqual(log.read_text(), "boot log\n% <61><68>")

    def test_ctrl_c_during_commands_ends_them(self):
        child = pexpect.spawn(str(RUNNER), ["--board", "host", "-c", "echo up", "-c", "hang"], timeout=30, encoding="latin-1",
                              env=os.environ | {"PROCYON_BINARY_DIR": str(self.folder)})
        self.addCleanup(child.close, force=True)
        child.expect_exact("up")
        child.send("\x03")
        child.expect(pexpect.EOF)
        child.close()
        self.assertEqual(child.signalstatus, 2)


if __name__ == "__main__":
    unittest.main()
