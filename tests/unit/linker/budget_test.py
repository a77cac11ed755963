#!/usr/bin/env python3
"""The size check of images: what counts, and what it says."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).parents[3] / "linker/check_budget.py"
ARCHIVE = "ffffffff80001000 r builtin_archive_start\nffffffff80003000 r builtin_archive_end\n                 U other\n"


class Budget(unittest.TestCase):
    def check(self, size, budget, symbols):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "nm").write_text(f"#!/bin/sh\ncat <<END\n{symbols}END\n")
            (folder / "nm").chmod(0o755)
            (folder / "Image").write_bytes(bytes(size))
            done = subprocess.run([sys.executable, CHECK, folder / "nm", "an.elf", folder / "Image", str(budget)],
                                  capture_output=True, text=True)
        return done.returncode, done.stderr.replace(name, "")

    def test_an_image_within_its_budget_passes(self):
        self.assertEqual(self.check(1000, 1000, ""), (0, ""))

    def test_one_byte_more_fails_with_numbers(self):
        self.assertEqual(self.check(1001, 1000, ""), (1, "/Image: 1001 bytes beside an archive of 0, the budget is 1000\n"))

    def test_the_archive_does_not_count(self):
        self.assertEqual(self.check(0x2000 + 1000, 1000, ARCHIVE), (0, ""))
        self.assertEqual(self.check(0x2000 + 1001, 1000, ARCHIVE),
                         (1, "/Image: 1001 bytes beside an archive of 8192, the budget is 1000\n"))


if __name__ == "__main__":
    unittest.main()
