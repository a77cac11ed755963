"""tools/sdcard.sh: what is on a card, that the same kernel makes the same card, and that no disk is overwritten by accident."""

import os
import re
import subprocess
import unittest

from support import TOOLS, FolderTest, run

SDCARD = TOOLS / "sdcard.sh"
BOOT_PARTITION = 16384 * 512
CARD_SIZE = 72 << 20


class CardTest(FolderTest):
    def setUp(self):
        super().setUp()
        self.image = self.write("Image", b"a kernel" + bytes(100_000))
        self.write("archive/root.cpio", b"an archive")
        self.out = self.folder / "card.img"
        self.environment = {"PROCYON_BINARY_DIR": self.folder}

    def sdcard(self, *arguments, **options):
        return run(SDCARD, *arguments, environment=self.environment, **options)

    def complaint(self, *arguments, **options):
        outcome = self.sdcard(*arguments, **options)
        self.assertEqual((outcome.status, outcome.out), (125, b""), outcome)
        return outcome.err

    def file(self, name, card=None):
        done = subprocess.run(["mtype", "-i", f"{card or self.out}@@{BOOT_PARTITION}", f"::{name}"], capture_output=True, check=True)
        return done.stdout


class Image(CardTest):
    def test_the_partition_table_is_in_order(self):
        self.assertEqual(self.sdcard(self.out).status, 0)
        check = run("sgdisk", "-v", self.out)
        self.assertIn(b"No problems found", check.out)
        self.assertNotIn(b"Caution", check.out)
        table = run("sgdisk", "-p", self.out).out.decode()
        self.assertEqual(re.findall(r"^ +(\d) +(\d+) +(\d+) .* (\w+)$", table, re.M),
                         [("1", "4096", "8191", "spl"), ("2", "8192", "16383", "uboot"), ("3", "16384", "131071", "procyon")])
        # The boot ROM of the JH7110 and its SPL look for these types.
        for number, kind in ((1, "2E54B353-1271-4842-806F-E436D6AF6985"), (2, "BC13C2FF-59E6-4262-A352-B275FD6F7172"),
                             (3, "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7")):
            self.assertIn(kind, run("sgdisk", "-i", str(number), self.out).out.decode())
        self.assertIn("0000000000000004", run("sgdisk", "-i", "3", self.out).out.decode(), "the legacy boot attribute")

    def test_the_files_are_there(self):
        self.assertEqual(self.sdcard("--append", "*hostowner=glenda *a", self.out).status, 0)
        self.assertEqual(self.file("/Image"), self.image.read_bytes())
        self.assertEqual(self.file("/initrd.img"), b"an archive")
        config = self.file("/extlinux/extlinux.conf").decode()
        for line in ("default procyon", "  kernel /Image", "  initrd /initrd.img", "  append *hostowner=glenda *a"):
            self.assertIn(line + "\n", config)
        self.assertNotIn("fdt", config)
        environment = self.file("/uEnv.txt").decode()
        self.assertEqual(environment, self.file("/vf2_uEnv.txt").decode())
        variables = dict(line.split("=", 1) for line in environment.splitlines())
        self.assertEqual(variables["uenvcmd"], "run boot2")
        self.assertEqual(variables["card_bootargs"], "*hostowner=glenda *a")
        self.assertIn("booti 0x84000000 0x88000000:${filesize} ${fdtcontroladdr}", variables["boot2"])

    def test_without_arguments_there_is_no_append_line(self):
        self.sdcard(self.out)
        self.assertNotIn("append", self.file("/extlinux/extlinux.conf").decode())

    def test_another_archive_goes_in_place_of_the_built_in_one(self):
        self.sdcard("--initrd", self.write("mine.cpio", b"mine"), self.out)
        self.assertEqual(self.file("/initrd.img"), b"mine")

    def test_the_same_kernel_makes_the_same_card(self):
        other = self.folder / "other.img"
        self.sdcard(self.out)
        self.environment |= {"TZ": "Asia/Tokyo"}
        self.sdcard(other)
        self.assertEqual(run("cmp", self.out, other).status, 0)

    def test_firmware_goes_where_the_boot_rom_looks(self):
        spl, uboot = self.write("spl", b"SPL" * 1000), self.write("itb", b"ITB" * 1000)
        self.assertEqual(self.sdcard("--spl", spl, "--u-boot", uboot, self.out).status, 0)
        card = self.out.read_bytes()
        self.assertEqual(card[4096 * 512:][:3000], spl.read_bytes())
        self.assertEqual(card[8192 * 512:][:3000], uboot.read_bytes())
        self.assertIn("does not fit into its 2 MiB", self.complaint("--spl", self.write("big", bytes((2 << 20) + 1)), self.out))

    def test_what_does_not_fit_is_refused(self):
        big = self.write("big.cpio", b"")
        os.truncate(big, 60 << 20)
        self.assertIn("do not fit on the card", self.complaint("--initrd", big, self.out))

    def test_bad_arguments_are_one_sentence(self):
        for arguments, words in ((["--nope"], "unknown option '--nope'"), (["--device"], "--device needs a value"),
                                 (["a", "b"], "unexpected argument 'b': the image is 'a' already"),
                                 (["--initrd", "/nowhere"], "cannot read '/nowhere'"), (["/nowhere/x"], "cannot write '/nowhere/x'"),
                                 (["--append", "a'b"], "U-Boot changes quotes")):
            self.assertIn(words, self.complaint(*arguments))
        (self.folder / "Image").unlink()
        self.assertIn("does not hold Image", self.complaint(self.out))

    def test_help(self):
        outcome = self.sdcard("--help")
        self.assertEqual((outcome.status, outcome.err), (0, ""))
        for option in (b"--device", b"--list", b"--append", b"--initrd", b"--spl", b"--u-boot", b"--preset"):
            self.assertIn(option, outcome.out)


class Device(CardTest):
    """Disks are what lsblk says: here one of ours says so of files."""

    def setUp(self):
        super().setUp()
        self.card = self.write("card", b"")
        os.truncate(self.card, 2 * CARD_SIZE)
        self.disks([self.disk(self.card)])
        self.environment["PATH"] = f"{self.folder}/bin:{os.environ['PATH']}"

    @staticmethod
    def disk(name, removable=1, bus="usb", read_only=0, kind="disk", model="Card Reader"):
        return f'NAME="{name}" SIZE="144M" RM="{removable}" TRAN="{bus}" RO="{read_only}" TYPE="{kind}" MODEL="{model}"'

    def disks(self, lines, mounted="", size=2 * CARD_SIZE):
        """Knows `lines`, and asked for one disk the line that names it; fails for an unknown one."""
        self.write("disks", "\n".join(lines) + "\n")
        self.write("bin/lsblk", f"""#!/bin/sh
for last; do :; done
case "$1" in
-dpnP) case "$last" in /*) grep -F "NAME=\\"$last\\"" {self.folder}/disks ;; *) cat {self.folder}/disks ;; esac ;;
-pnro) printf '%s' "{mounted}" ;;
-bdno) echo {size} ;;
*) echo "NAME SIZE"; echo "$last 144M" ;;
esac
""", executable=True)

    def write_card(self, answer, *arguments):
        return self.sdcard("--device", self.card, *arguments, self.out, stdin=None, input=answer.encode())

    def test_is_written_after_the_right_answer(self):
        outcome = self.write_card(f"{self.card}\n")
        self.assertEqual(outcome.status, 0, outcome)
        self.assertIn(f"This overwrites all of {self.card}:", outcome.err)
        self.assertIn(f"wrote and checked {self.card}", outcome.err)
        self.assertEqual(self.file("/Image", self.card), self.image.read_bytes())
        check = run("sgdisk", "-v", self.card)
        self.assertIn(b"No problems found", check.out)
        self.assertEqual(self.card.stat().st_size, 2 * CARD_SIZE)

    def test_is_left_alone_after_any_other_answer(self):
        for answer in ("", "\n", "y\n", "yes\n", f"{self.card}x\n"):
            outcome = self.write_card(answer)
            self.assertEqual(outcome.status, 125)
            self.assertIn(f"nothing was written to '{self.card}'", outcome.err)
            self.assertEqual(self.card.read_bytes().count(0), 2 * CARD_SIZE)

    def test_that_cannot_be_meant_is_refused(self):
        refused = {
            "there is no disk '/dev/nowhere'": ["/dev/nowhere"],
            f"there is no disk '{self.image}'": [self.image],
        }
        for words, (device,) in refused.items():
            self.assertIn(words, self.complaint("--device", device, self.out))
        self.disks([self.disk(self.card, kind="part")])
        self.assertIn("is a part, not a whole disk", self.complaint("--device", self.card, self.out))
        self.disks([self.disk(self.card)], mounted="/dev/sdx1 /\n/dev/sdx2 [SWAP]\n")
        self.assertIn("is in use (/dev/sdx1 on /, /dev/sdx2 on [SWAP]); unmount it first",
                      self.complaint("--device", self.card, self.out))
        self.disks([self.disk(self.card)], size=CARD_SIZE - 1)
        self.assertIn("is too small", self.complaint("--device", self.card, self.out))

    def test_that_does_not_keep_what_is_written_is_noticed(self):
        self.write("bin/dd", "#!/bin/sh\nexit 0\n", executable=True)
        outcome = self.write_card(f"{self.card}\n")
        self.assertEqual(outcome.status, 125)
        self.assertRegex(outcome.err, "sgdisk: |the card may be broken")

    def test_that_fails_while_being_written_is_named(self):
        self.write("bin/dd", "#!/bin/sh\necho 'dd: input/output error' >&2\nexit 1\n", executable=True)
        outcome = self.write_card(f"{self.card}\n")
        self.assertEqual(outcome.status, 125)
        self.assertIn(f"writing '{self.card}' failed", outcome.err)

    def test_lists_only_cards(self):
        self.disks([self.disk("/dev/sda", removable=0, bus="sata", model="System"), self.disk("/dev/sdb", model="Reader One"),
                    self.disk("/dev/mmcblk0", removable=0, bus=""), self.disk("/dev/sdc", read_only=1),
                    self.disk("/dev/sr0", kind="rom")])
        outcome = self.sdcard("--list")
        self.assertEqual(outcome.status, 0)
        self.assertEqual([line.split()[0] for line in outcome.out.decode().splitlines()], ["/dev/sdb", "/dev/mmcblk0"])
        self.assertIn(b"Reader One", outcome.out)
        self.assertFalse(self.out.exists())
        self.disks([self.disk("/dev/sdb")], mounted="/dev/sdb1 /media\n")
        self.assertIn("there is no card", self.sdcard("--list").err)


if __name__ == "__main__":
    unittest.main()
