#!/usr/bin/env python3
"""What configure says of a cross toolchain that cannot build the kernel."""
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class CrossToolchain(unittest.TestCase):
    def configure(self, prefix, preset="riscv64-release", variable="PROCYON_CROSS"):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(["cmake", "--preset", preset, "-B", folder, f"-D{variable}={prefix}"], cwd=ROOT,
                                  capture_output=True, text=True, timeout=120)
        return done.returncode, " ".join((done.stderr + done.stdout).split())

    def test_one_without_headers_of_cxx_is_refused_by_name(self):
        status, text = self.configure("riscv64-unknown-elf-")
        self.assertNotEqual(status, 0)
        self.assertRegex(text, "riscv64-unknown-elf-g\\+\\+ has no usable <atomic>: .*Install g\\+\\+-riscv64-linux-gnu")

    def test_one_that_is_not_there_is_named(self):
        status, text = self.configure("riscv64-nowhere-")
        self.assertNotEqual(status, 0)
        self.assertIn("no riscv64-nowhere-g++ found: install g++-riscv64-linux-gnu, or set PROCYON_CROSS", text)

    def test_without_a_compiler_for_user_programs_the_product_says_what_to_install(self):
        status, text = self.configure("riscv64-nowhere-", variable="PROCYON_USER_CROSS")
        self.assertNotEqual(status, 0)
        self.assertIn("no riscv64-nowhere-gcc found, which builds the user programs: install gcc-riscv64-unknown-elf and "
                      "picolibc-riscv64-unknown-elf, or set PROCYON_USER_CROSS", text)

    def test_without_one_the_host_board_has_no_programs(self):
        status, text = self.configure("riscv64-nowhere-", preset="host-release", variable="PROCYON_USER_CROSS")
        self.assertEqual(status, 0, text)
        self.assertIn("No user programs in the archive: no riscv64-nowhere-gcc found", text)


if __name__ == "__main__":
    unittest.main()
