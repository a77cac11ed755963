#!/usr/bin/env python3
"""A person at the console: prompt, editing keys, history, completion, Ctrl-C, halt."""
import unittest

try:
    import pexpect
except ImportError:
    raise SystemExit("python3-pexpect is not installed: tools/setup.sh installs it")

from procyon import BOARD, PRESET, RUNNER

UP, LEFT, HOME = "\x1b[A", "\x1b[D", "\x1b[H"
# Ctrl-a is the escape of QEMU and of procyon-host: typed twice, it arrives once.
CTRL_A, CTRL_C, CTRL_U, CTRL_W, TAB = "\x01\x01", "\x03", "\x15", "\x17", "\t"


class Console(unittest.TestCase):
    def setUp(self):
        arguments = ["--board", BOARD]
        if BOARD != "host":
            arguments += ["--preset", PRESET]
        self.child = pexpect.spawn(str(RUNNER), arguments, timeout=30, encoding="utf-8", dimensions=(24, 80))
        self.child.expect("help for the commands")
        self.prompt()

    def tearDown(self):
        self.child.close(force=True)

    def prompt(self):
        self.child.expect("% $")

    def line(self, text, answer):
        self.child.send(text + "\r")
        # The terminal between may add carriage returns of its own.
        self.child.expect(answer.replace("\r\n", "\r+\n"))
        self.prompt()

    def test_a_session(self):
        self.line("echo one two", "\r\none two\r\n")
        # Editing: the typing error in front is mended without retyping the rest.
        self.line("cho three" + CTRL_A + "e", "\r\nthree\r\n")
        self.line("echo four fvie" + CTRL_W + "five", "\r\nfour five\r\n")
        self.line("this is not wanted" + CTRL_U + "echo six", "\r\nsix\r\n")
        # UTF-8: one key removes one character.
        self.line("echo é€\x7fx", "\r\néx\r\n")
        # History: the line before the last, again.
        self.line(UP + UP, "\r\nsix\r\n")
        # Completion of a path.
        self.line("cat /proc/1/stat" + TAB + TAB, "init .*eve ")
        # Ctrl-C ends what runs in the foreground, and only that.
        self.child.send("sleep 100\r")
        self.child.expect("sleep 100\r+\n")
        self.child.send(CTRL_C)
        self.prompt()
        self.line("echo still here", "\r\nstill here\r\n")
        # Ctrl-C gives up a line.
        self.child.send("echo not this" + CTRL_C)
        self.prompt()
        self.line("echo seven", "\r\nseven\r\n")
        self.child.send("halt\r")
        self.child.expect(pexpect.EOF)
        self.child.close()
        self.assertEqual(self.child.exitstatus, 0)

    def test_ctrl_c_ends_a_loop(self):
        self.child.send("while(true) echo x\r")
        self.child.expect("x\r+\nx\r+\nx\r+\n")
        self.child.send(CTRL_C)
        self.prompt()
        self.line("echo $status", "\r\ninterrupt\r\n")

    def test_the_pager_uses_the_window_that_the_editor_was_told(self):
        self.child.send("\x1b[8;80R")  # what a terminal of 8 rows answers when it is asked
        self.prompt()
        self.child.send("help | p\r")
        self.child.expect(r"help \| p\r+\n")
        self.child.expect("--more--")
        self.assertEqual(self.child.before.count("\n"), 7)
        self.child.send("q")
        self.prompt()

    def test_top_shows_processes_until_q_and_gives_the_keys_back(self):
        self.child.send("top -d 1\r")
        for _ in range(2):
            self.child.expect("processes, [0-9]+ running or ready\r+\n")
            self.child.expect("PID USER .*NAME\r+\n")
            self.child.expect(" init\r+\n")
        self.child.send("q")
        self.prompt()
        # At once: whoever waited for a key is gone too.
        self.child.send("top -n 1\r")
        self.child.expect(" init\r+\n")
        self.prompt()
        self.line("echo these keys are mine", "\r\nthese keys are mine\r\n")
        self.line("top | sed 1q", "processes, [0-9]+ running or ready\r\n")

    def test_top_tells_its_keys_and_obeys_who_cannot_have_them_at_once(self):
        self.line("top -d 3000000", "top: -d 3000000: 1 to 86400 are possible\r\n")
        rest, first = "[^\n]*\n", "[0-9]+ process(es)?, [0-9]+ running or ready\r+\n"
        self.child.send("top -l 7 -d 1000\r")
        self.child.expect(f"{first}idle %: {rest} +PID USER {rest}({rest}){{3}}")
        self.child.send("h")
        self.child.expect(f"{first}idle %: {rest}q ends, h or . hides this line{rest} +PID USER {rest}({rest}){{2}}")
        self.child.send("q")
        self.prompt()
        self.child.send("as none top -d 1000\r")
        self.child.expect(f"1 process, {rest}idle %: {rest}q and Enter end it{rest} +PID USER {rest}[^\n]* top\r+\n")
        self.child.send("\r")
        self.child.expect("1 process, ")
        self.child.send("q\r")
        self.prompt()
        self.line("echo these keys are mine", "\r\nthese keys are mine\r\n")

    def test_the_shell_comes_back_when_it_exits(self):
        self.child.send("exit\r")
        self.prompt()
        self.line("echo again", "\r\nagain\r\n")


if __name__ == "__main__":
    unittest.main()
