"""The filter between a machine's console and the user: exact in every byte, however the bytes arrive."""

import unittest

import support  # noqa: F401  (finds the tools)
from marker_filter import LOG, OUTPUT, PANIC, MarkerFilter

MARKER = b"0123456789abcdef0123456789abcdef"
OTHER = b"fedcba9876543210fedcba9876543210"
BEGIN = b"\n@" + MARKER + b" begin\n"
END = b"@" + MARKER + b" end %d\n"
PANICKED = b"\n@" + MARKER + b" panic\n"


class Console:
    """What came out of the filter for one console, fed in pieces of `step` bytes."""

    def __init__(self, data, step):
        self.filter = MarkerFilter(MARKER)
        parts = []
        for at in range(0, len(data), step):
            parts += self.filter.feed(data[at : at + step])
        self.before_the_end = self.join(parts, OUTPUT)
        parts += self.filter.finish()
        self.log, self.output, self.panic = (self.join(parts, kind) for kind in (LOG, OUTPUT, PANIC))
        self.status, self.panicked, self.began = self.filter.status, self.filter.panicked, self.filter.began

    @staticmethod
    def join(parts, kind):
        return b"".join(data for part, data in parts if part == kind)


class Filter(unittest.TestCase):
    def check(self, data, **expected):
        """Feeds the same console cut in many ways: each marker is split at each of its bytes by some of them."""
        for step in [*range(1, 70), 4096, len(data) + 1]:
            with self.subTest(step=step, data=data):
                console = Console(data, step)
                self.assertEqual({name: getattr(console, name) for name in expected}, expected)

    def test_output_is_what_stands_between_the_markers(self):
        self.check(b"OpenSBI\r\nlog" + BEGIN + b"one\ntwo\n" + END % 0,
                   output=b"one\ntwo\n", log=b"OpenSBI\r\nlog\n", panic=b"", status=0, panicked=False)

    def test_every_byte_value_passes(self):
        data = bytes(range(256)) * 3 + bytes(range(255, -1, -1))
        self.check(BEGIN + data + END % 1, output=data, status=1)

    def test_output_may_be_empty_and_need_not_end_in_a_newline(self):
        for output in (b"", b"\n", b"x", b"\n\n", b"@", b"\n@"):
            self.check(BEGIN + output + END % 0, output=output, status=0)

    def test_the_marker_of_another_run_is_output(self):
        output = b"\n@" + OTHER + b" begin\n@" + OTHER + b" end 0\n\n@" + OTHER + b" panic\n"
        self.check(BEGIN + output + END % 0, output=output, status=0, panicked=False)

    def test_almost_a_marker_is_output(self):
        token = b"@" + MARKER
        output = token + b" end 2\n" + token + b" end\n" + token + b"end 0\n" + token + b" panic\r\n" + token[:-1] + token[:7]
        self.check(BEGIN + output + END % 0, output=output, status=0, panicked=False)

    def test_only_the_last_end_marker_ends(self):
        output = b"a" + END % 1 + b"b" + END % 0 + BEGIN + b"c"
        self.check(BEGIN + output + END % 0, output=output, status=0)

    def test_what_follows_the_end_is_log(self):
        self.check(BEGIN + b"x" + END % 0 + b"powering off\n", output=b"x", log=b"\npowering off\n", status=0)

    def test_without_an_end_marker_there_is_no_status(self):
        self.check(BEGIN + b"half a li", output=b"half a li", began=True, status=None)
        self.check(b"log only", log=b"log only", output=b"", began=False, status=None)

    def test_a_cut_off_marker_is_given_back(self):
        cut = (END % 0)[:20]
        self.check(BEGIN + b"x" + cut, output=b"x" + cut, status=None)

    def test_a_panic_ends_the_output_without_its_newline(self):
        self.check(BEGIN + b"half" + PANICKED + b"panic: why\npanic: where\n",
                   output=b"half", panic=b"panic: why\npanic: where\n", status=None, panicked=True)

    def test_a_panic_on_the_way_off_is_a_panic(self):
        self.check(BEGIN + b"x\n" + END % 0 + PANICKED + b"panic: late\n",
                   output=b"x\n", panic=b"panic: late\n", status=None, panicked=True)

    def test_a_panic_after_a_printed_end_marker_ends_the_output(self):
        output = b"a" + END % 0 + b"b"
        self.check(BEGIN + output + PANICKED + b"panic: why\n", output=output, panic=b"panic: why\n", panicked=True)

    def test_a_printed_panic_marker_is_output_when_the_end_follows(self):
        output = b"x" + PANICKED + b"y"
        self.check(BEGIN + output + END % 0, output=output, panic=b"", status=0, panicked=False)

    def test_a_panic_before_the_marker_is_a_line_of_the_log(self):
        for begin in (b"", b"log\n", b"\n", b"log\r\npanic\n"):
            self.check(begin + b"panic: no memory\npanic: more\n",
                       log=begin, panic=b"panic: no memory\npanic: more\n", output=b"", panicked=True)

    def test_a_panic_between_marker_and_begin_is_a_panic(self):
        self.check(b"log" + PANICKED + b"panic: early\n", log=b"log\n", panic=b"panic: early\n", panicked=True)

    def test_the_word_panic_elsewhere_is_nothing(self):
        self.check(b"kernel panic: none\n" + BEGIN + b"panic: said cat\n" + END % 0,
                   output=b"panic: said cat\n", panic=b"", panicked=False)

    def test_output_does_not_wait_for_the_end(self):
        self.check(BEGIN + b"now\nand then", before_the_end=b"now\nand then")

    def test_a_newline_waits_until_the_console_is_quiet(self):
        console = MarkerFilter(MARKER)
        self.assertEqual(console.feed(BEGIN + b"line\n"), [(LOG, b"\n"), (OUTPUT, b"line")])
        self.assertTrue(console.holds_newline)
        self.assertEqual(console.flush_newline(), [(OUTPUT, b"\n")])
        self.assertFalse(console.holds_newline)
        self.assertEqual(console.flush_newline(), [])
        self.assertEqual(console.feed(b"@" + MARKER), [])
        self.assertEqual(console.flush_newline(), [])


if __name__ == "__main__":
    unittest.main()
