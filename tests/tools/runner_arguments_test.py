"""tools/qemu-run.sh says in one sentence what is wrong with its arguments, before it builds or boots anything."""

import os
import unittest

from support import TOOLS, FolderTest, run

RUNNER = TOOLS / "qemu-run.sh"


class Arguments(FolderTest):
    def setUp(self):
        super().setUp()
        self.install_fake_machine("procyon-host")
        for name in ("Image", "procyon.elf"):
            self.write(name, "")

    def complaint(self, *arguments):
        outcome = run(RUNNER, *arguments, environment={"PROCYON_BINARY_DIR": self.folder})
        self.assertEqual((outcome.status, outcome.out), (125, b""), outcome)
        self.assertTrue(outcome.err.startswith("qemu-run.sh: "), outcome)
        self.assertEqual(outcome.err.count("\n"), 1, outcome)
        return outcome.err

    def test_help_names_every_option(self):
        outcome = run(RUNNER, "--help")
        self.assertEqual((outcome.status, outcome.err), (0, ""))
        for option in ("--harts", "--mem", "--board", "--cpu", "--preset", "--icount", "--append", "--initrd", "--gdb", "--timeout",
                       "--log", "--record", "--replay", "--seed", "-c ", "--script", "--help", "-- extra"):
            self.assertIn(option.encode(), outcome.out)

    def test_unknown_words(self):
        self.assertIn("unknown option '--nope'", self.complaint("--nope"))
        self.assertIn("unknown option '-x'", self.complaint("-x"))
        self.assertIn("unexpected argument 'ls'", self.complaint("ls"))
        self.assertIn("unexpected argument 'yes'", self.complaint("--gdb=yes"))

    def test_options_without_their_value(self):
        for option in ("--harts", "--mem", "--board", "--cpu", "--preset", "--append", "--initrd", "--timeout", "--log", "--record",
                       "--replay", "--seed", "-c", "--script"):
            self.assertIn(f"{option} needs a value", self.complaint(option))
            if option not in ("--append", "-c", "--script"):
                self.assertIn(f"{option} needs a value", self.complaint(option, ""))

    def test_harts(self):
        for value in ("0", "x", "-1", "1.5", "2 ", "99999999999999999999"):
            self.assertIn("--harts", self.complaint("--harts", value))
        self.assertIn("--harts takes a number from 1 to 128, not 'x'", self.complaint("--harts", "x"))
        self.assertIn("--harts 129 is more than the board virt takes: at most 128", self.complaint("--harts", "129"))
        self.assertIn("more than the board host takes: at most 64", self.complaint("--board", "host", "--harts=65"))

    def test_memory(self):
        for value in ("x", "-1M", "1.5G", "8MB", "M"):
            self.assertIn("--mem takes a size", self.complaint("--mem", value))
        for value in ("7M", "8191K", "0", "0G"):
            self.assertIn(f"--mem {value} is too little for the board virt: the least is 8M", self.complaint("--mem", value))
        self.assertIn("--mem 128M is too little for the board uboot: the least is 256M",
                      self.complaint("--board", "uboot", "--mem", "128M"))
        self.assertIn("the board icicle has 3072M of memory, no more", self.complaint("--board", "icicle", "--mem", "4G"))

    def test_boards(self):
        self.assertIn("there is no board 'visionfive'; the boards are: virt, sifive_u, icicle, uboot, vf2-like, host",
                      self.complaint("--board", "visionfive"))
        outcome = run(RUNNER, "--help")
        for board in ("virt", "sifive_u", "icicle", "uboot", "vf2-like", "host"):
            self.assertRegex(outcome.out.decode(), f"(?m)^ +{board}: +[a-z]")

    def test_boards_whose_first_hart_cannot_run_us(self):
        for board in ("sifive_u", "icicle", "vf2-like"):
            self.assertIn(f"--harts 1 is less than the board {board} takes: the first of its harts cannot run a kernel, so at least 2",
                          self.complaint("--board", board, "--harts", "1"))
            self.assertIn(f"--harts 6 is more than the board {board} takes: at most 5",
                          self.complaint("--board", board, "--harts", "6"))

    def test_what_a_board_cannot_do(self):
        for board in ("sifive_u", "icicle", "uboot", "vf2-like"):
            self.assertIn("--record is for --board virt", self.complaint("--board", board, "--record", self.folder / "r"))
        for board in ("sifive_u", "icicle"):
            self.assertIn(f"the board {board} has one kind of hart; --cpu cannot go with it",
                          self.complaint("--board", board, "--cpu", "rv64"))

    def test_boot_arguments_that_uboot_would_change(self):
        for text in ("a'b", 'a"b', "a\\b", "$a", "a\nb"):
            self.assertIn("--append: U-Boot changes quotes, $, \\ and line ends", self.complaint(
                "--board", "uboot", "-c", "x", "--append", text))

    def test_timeout_and_seed(self):
        for value in ("x", "-1", "1s", "1."):
            self.assertIn(f"--timeout takes seconds, not '{value}'", self.complaint("--timeout", value))
        self.assertIn("--seed takes a number", self.complaint("--board", "host", "--seed", "x"))
        self.assertIn("--seed is for --board host", self.complaint("--seed", "1"))

    def test_files_that_are_not_there(self):
        for option in ("--initrd", "--script", "--replay"):
            self.assertIn(f"{option}: there is no file '/nowhere/x'", self.complaint(option, "/nowhere/x"))
            self.assertIn(f"{option}: cannot read '{self.folder}'", self.complaint(option, self.folder))
        for option in ("--log", "--record"):
            self.assertIn(f"{option}: cannot write '/nowhere/x'", self.complaint(option, "/nowhere/x"))
        self.assertIn("has no recording beside it", self.complaint("--replay", self.folder / "Image"))

    def test_options_that_exclude_each_other(self):
        for option in (["--gdb"], ["--icount"], ["--record", self.folder / "r"], ["--cpu", "rv64"]):
            self.assertIn(f"{option[0]} is for QEMU", self.complaint("--board", "host", *option))
        self.assertIn("cannot go with --board host", self.complaint("--board", "host", "--", "-s"))
        self.write("r", "")
        self.write("r.session/machine", "")
        for option in (["-c", "x"], ["--harts", "1"], ["--mem=8M"], ["--icount"], ["--append", "x"]):
            self.assertIn(f"so {option[0].split('=')[0]} cannot go with it", self.complaint("--replay", self.folder / "r", *option))
        self.assertIn("no QEMU arguments", self.complaint("--replay", self.folder / "r", "--", "-s"))

    def test_a_binary_directory_without_the_binaries(self):
        (self.folder / "Image").unlink()
        self.assertIn("does not hold Image", self.complaint("-c", "x"))


class ManyHarts(FolderTest):
    """What an old QEMU cannot do is refused; which QEMU it is, a fake one tells."""

    def outcome(self, version, *arguments):
        for name in ("Image", "procyon.elf"):
            self.write(name, "")
        self.write("bin/qemu-system-riscv64",
                   f"#!/bin/sh\n[ \"$1\" != --version ] || echo 'QEMU emulator version {version} (Debian)'\n", executable=True)
        return run(RUNNER, *arguments, "-c", "x",
                   environment={"PROCYON_BINARY_DIR": self.folder, "PATH": f"{self.folder}/bin:{os.environ['PATH']}"})

    def test_counting_and_recording_take_one_hart_on_qemu_7(self):
        for option in (["--icount"], ["--record", self.folder / "r"]):
            outcome = self.outcome("7.2.22", *option, "--harts", "2")
            self.assertEqual(outcome.status, 125)
            self.assertIn(f"{option[0]} with 2 harts does not work on QEMU 7.2: a hart that spins", outcome.err)
            for version, harts in (("7.2.22", ["--harts", "1"]), ("7.2.22", []), ("10.0.2", ["--harts", "2"])):
                # The fake machine ends at once: past the check, that is what is complained about.
                self.assertIn("the machine stopped before", self.outcome(version, *option, *harts).err)


if __name__ == "__main__":
    unittest.main()
