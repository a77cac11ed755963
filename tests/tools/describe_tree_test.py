"""procyon-describe-tree: facts of a tree on stdout, one sentence on stderr when there are none.

PROCYON_DESCRIBE_TREE names the program; without, the one of build/host.
"""

import os
import subprocess
import unittest

from support import ROOT, TOOLS, FolderTest, run

PROGRAM = os.environ.get("PROCYON_DESCRIBE_TREE", ROOT / "build/host/procyon-describe-tree")
ICICLE = TOOLS / "boards/icicle.dts"

FACTS = """\
model     Microchip PolarFire-SoC Icicle Kit
memory    0080000000..00c0000000  1024 MiB
memory    1040000000..1080000000  1024 MiB
reserved  0080000000..00{end:08x}  {size} KiB
reserved  00bfc00000..00c0000000  4 MiB
no-map    00bfc00000..00c0000000  4 MiB
timebase  1000000 Hz
plic      000c000000..0010000000  lines 186
hart      0  id 1   context 2    sstc no   boot
hart      1  id 2   context 4    sstc no
hart      2  id 3   context 6    sstc no
hart      3  id 4   context 8    sstc no
device    ns16550a          0020100000..0020100400  line 91   shift 2  width 4  clock 150000000  console
finisher  none
rtc       none
args
initrd    none
seed      none
"""


class DescribeTree(FolderTest):
    def setUp(self):
        super().setUp()
        self.tree = self.folder / "icicle.dtb"
        subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb", "-o", self.tree, ICICLE], check=True)

    def describe(self, *arguments):
        return run(PROGRAM, *arguments)

    def facts(self, *arguments):
        outcome = self.describe(self.tree, *arguments)
        self.assertEqual((outcome.status, outcome.err), (0, ""))
        return outcome.out.decode()

    def complaint(self, *arguments):
        outcome = self.describe(*arguments)
        self.assertEqual((outcome.status, outcome.out), (1, b""))
        self.assertEqual(outcome.err.count("\n"), 1, outcome.err)
        return outcome.err

    def usage(self, *arguments):
        outcome = self.describe(*arguments)
        self.assertEqual((outcome.status, outcome.out), (125, b""))
        first, _, rest = outcome.err.partition("\n")
        self.assertTrue(rest.startswith("usage: procyon-describe-tree FILE.dtb"), outcome.err)
        return first

    def test_facts_of_a_board(self):
        # The image of 1 MiB above 2 MiB, and the pages of the tree behind it.
        end = 0x80300000 + (self.tree.stat().st_size + 4095) // 4096 * 4096
        self.assertEqual(self.facts(), FACTS.format(end=end, size=(end - 0x80000000) // 1024))

    def test_hart_and_image_are_what_is_asked_for(self):
        lines = self.facts("--hart", "3", "--image", "0x1050000000").splitlines()
        self.assertIn("hart      2  id 3   context 6    sstc no   boot", lines)
        self.assertEqual(sum("boot" in line for line in lines), 1)
        reserved = [line for line in lines if line.startswith("reserved")]
        self.assertEqual(reserved[0], "reserved  00bfc00000..00c0000000  4 MiB")
        self.assertTrue(reserved[1].startswith("reserved  1040000000..10501"), reserved[1])

    def test_remarks_come_last(self):
        lines = self.facts("--hart", "0").splitlines()
        self.assertEqual(lines[-2:],
                         ["remark    fdt: the boot hart 0 is not listed as usable: used all the same",
                          "remark    fdt: the interrupt controller does not reach hart id 0"])
        self.assertIn("hart      4  id 0   context none sstc no   boot", lines)

    def test_a_tree_that_cannot_be_used_gives_its_complaint(self):
        self.assertEqual(self.complaint(self.tree, "--image", "0xc0000000"),
                         f"procyon-describe-tree: {self.tree}: the kernel at c0000000+100000 is not in the memory it "
                         "describes\n")

    def test_garbage_and_what_is_cut_off(self):
        garbage = self.write("garbage", b"no tree at all, but longer than a header is")
        self.assertEqual(self.complaint(garbage),
                         f"procyon-describe-tree: {garbage}: magic is 6e6f2074, not d00dfeed\n")
        cut = self.write("cut", self.tree.read_bytes()[:1000])
        self.assertIn("truncated: 1000 of ", self.complaint(cut))
        empty = self.write("empty", b"")
        self.assertIn("only 0 bytes: no room for a header", self.complaint(empty))

    def test_a_file_that_is_not_there_or_none(self):
        self.assertEqual(self.complaint(self.folder / "nothing"),
                         f"procyon-describe-tree: {self.folder}/nothing: No such file or directory\n")
        self.assertIn("Is a directory", self.complaint(self.folder))

    def test_bad_usage_is_shown_the_right_one(self):
        self.assertEqual(self.usage(), "procyon-describe-tree: no tree is named")
        self.assertEqual(self.usage("a", "b"), "procyon-describe-tree: one tree at a time")
        self.assertEqual(self.usage("--loud", "a"), "procyon-describe-tree: unknown option --loud")
        self.assertEqual(self.usage("a", "--hart"), "procyon-describe-tree: --hart lacks its number")
        for number in ("", "one", "-1", "1x", "0x", "18446744073709551616"):
            self.assertEqual(self.usage("a", "--image", number),
                             f"procyon-describe-tree: --image takes a number, not '{number}'")
        self.assertEqual(self.usage("a", "--image", "0x80200001"),
                         "procyon-describe-tree: --image takes the address of a page")

    def test_help(self):
        outcome = self.describe("--help")
        self.assertEqual((outcome.status, outcome.err), (0, ""))
        self.assertTrue(outcome.out.startswith(b"usage: procyon-describe-tree FILE.dtb"))


if __name__ == "__main__":
    unittest.main()
