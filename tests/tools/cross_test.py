#!/usr/bin/env python3
"""What configure says of a cross toolchain that cannot build the kernel."""
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class CrossToolchain(unittest.TestCase):
    def configure(self, prefix):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(["cmake", "--preset", "riscv64-release", "-B", folder, f"-DPROCYON_CROSS={prefix}"], cwd=ROOT,
                                  capture_output=True, text=True, timeout=120)
        return done.returncode, " ".join(done.stderr.split())

    def test_one_without_headers_of_cxx_is_refused_by_name(self):
        status, text = self.configure("riscv64-unknown-elf-")
        self.assertNotEqual(status, 0)
        self.assertRegex(text, "riscv64-unknown-elf-g\\+\\+ has no usable <atomic>: .*Install g\\+\\+-riscv64-linux-gnu")

    def test_one_that_is_not_there_is_named(self):
        status, text = self.configure("riscv64-nowhere-")
        self.assertNotEqual(status, 0)
        self.assertIn("no riscv64-nowhere-g++ found: install g++-riscv64-linux-gnu, or set PROCYON_CROSS", text)


if __name__ == "__main__":
    unittest.main()
