"""tools/mkarchive.py: archives that GNU cpio reads, the same each time, with executables on page boundaries."""

import os
import random
import shutil
import stat
import subprocess
import unittest

from support import TOOLS, FolderTest, run
from mkarchive import PAGE, Archive, ArchiveError

MKARCHIVE = TOOLS / "mkarchive.py"
EPOCH = {"SOURCE_DATE_EPOCH": "1700000000"}


def entries(archive):
    """Reads a newc archive, or several in a row, by the format's definition: a list of (name, mode, data, data offset, header)."""
    found, at = [], 0
    while at < len(archive):
        if archive[at] == 0:
            at += 4
            continue
        header = archive[at : at + 110]
        assert header[:6] == b"070701", f"no header at {at}"
        fields = [int(header[6 + 8 * index : 14 + 8 * index], 16) for index in range(13)]
        mode, size, name_size = fields[1], fields[6], fields[11]
        name = archive[at + 110 : at + 110 + name_size]
        assert name[-1] == 0 and 0 not in name[:-1]
        begin = (at + 110 + name_size + 3) & ~3
        data = archive[begin : begin + size]
        assert len(data) == size
        at = (begin + size + 3) & ~3
        found.append((name[:-1].decode(), mode, data, begin, fields))
    return found


def files(archive):
    """Name to data, as a reader sees it: padding and trailers skipped, later entries win."""
    return {name: data for name, mode, data, _, _ in entries(archive)
            if stat.S_ISREG(mode) and name not in (".pad", "TRAILER!!!")}


class Make(FolderTest):
    def make(self, *arguments, **options):
        outcome = run(MKARCHIVE, "-o", self.folder / "out.cpio", *arguments, environment=EPOCH, **options)
        self.assertEqual((outcome.status, outcome.err), (0, ""))
        return (self.folder / "out.cpio").read_bytes()

    def complaint(self, *arguments):
        outcome = run(MKARCHIVE, "-o", self.folder / "out.cpio", *arguments, environment=EPOCH)
        self.assertEqual(outcome.status, 1)
        self.assertEqual(outcome.err.count("\n"), 1, outcome.err)
        return outcome.err

    def test_a_file_under_a_name(self):
        path = self.write("source", bytes(range(256)))
        archive = self.make(f"boot/cmd={path}")
        self.assertEqual(files(archive), {"boot/cmd": bytes(range(256))})
        names = [name for name, *_ in entries(archive)]
        self.assertEqual(names, ["boot", "boot/cmd", "TRAILER!!!"])

    def test_text_from_stdin(self):
        with open(self.write("text", "echo hi\n"), "rb") as text:
            archive = self.make("boot/cmd=-", stdin=text)
        self.assertEqual(files(archive), {"boot/cmd": b"echo hi\n"})

    def test_a_directory_with_all_it_holds(self):
        self.write("tree/b/file", "1")
        self.write("tree/a", "2", executable=True)
        (self.folder / "tree/empty").mkdir()
        for prefix, argument in (("", f"={self.folder}/tree"), ("x/", f"x={self.folder}/tree")):
            archive = self.make(argument)
            self.assertEqual(files(archive), {f"{prefix}b/file": b"1", f"{prefix}a": b"2"})
            modes = {name: mode for name, mode, *_ in entries(archive)}
            self.assertEqual(modes[f"{prefix}a"], stat.S_IFREG | 0o755)
            self.assertEqual(modes[f"{prefix}b/file"], stat.S_IFREG | 0o644)
            self.assertEqual(modes[f"{prefix}empty"], stat.S_IFDIR | 0o755)

    def test_an_empty_directory(self):
        self.assertEqual([name for name, *_ in entries(self.make("n/"))], ["n", "TRAILER!!!"])

    def test_of_two_entries_with_one_name_the_later_wins(self):
        one, two = self.write("one", "1"), self.write("two", "2")
        self.assertEqual(files(self.make(f"f={one}", f"f={two}")), {"f": b"2"})

    def test_the_same_input_gives_the_same_bytes(self):
        self.write("tree/b", "1")
        self.write("tree/a/c", b"\x7fELF...")
        first = self.make(f"={self.folder}/tree")
        os.utime(self.folder / "tree/b", (1, 1))
        self.assertEqual(self.make(f"={self.folder}/tree"), first)
        for _, _, _, _, (_, _, user, group, _, mtime, _, *devices, _, check) in entries(first)[:-1]:
            self.assertEqual((user, group, mtime, devices, check), (0, 0, 1700000000, [0, 0, 0, 0], 0))

    def test_executables_are_page_aligned(self):
        rng = random.Random(7)
        for seed in range(30):
            archive = Archive()
            expected = {}
            for index in range(rng.randrange(1, 12)):
                name = f"{rng.choice('abc')}/{index}" + "x" * rng.randrange(200)
                expected[name] = rng.choice([b"\x7fELF", b"text"]) + rng.randbytes(rng.randrange(9000))
                archive.add_file(name, expected[name])
            out = archive.to_bytes()
            with self.subTest(seed=seed):
                self.assertEqual(files(out), expected)
                self.assertEqual(len(out) % PAGE, 0)
                for name, _, data, begin, _ in entries(out):
                    if data.startswith(b"\x7fELF"):
                        self.assertEqual(begin % PAGE, 0, name)
                    if name == ".pad":
                        self.assertEqual(data, bytes(len(data)))
                        self.assertLess(len(data), PAGE)

    def test_archives_follow_each_other_and_stay_aligned(self):
        program = b"\x7fELF" + bytes(5000)
        user = self.folder / "user.cpio"
        user.write_bytes(self.make(f"bin/x={self.write('x', program)}", f"boot/cmd={self.write('y', 'theirs')}"))
        archive = self.make("--append", user, f"boot/cmd={self.write('z', 'ours')}")
        self.assertEqual(files(archive), {"bin/x": program, "boot/cmd": b"theirs"})
        aligned = [begin for name, _, _, begin, _ in entries(archive) if name == "bin/x"]
        self.assertEqual([begin % PAGE for begin in aligned], [0])

    def test_an_appended_archive_is_not_touched(self):
        broken = self.write("broken", b"070701 nothing like an archive")
        archive = self.make("--append", broken, "d/")
        self.assertIn(broken.read_bytes(), archive)

    @unittest.skipUnless(shutil.which("cpio"), "needs GNU cpio")
    def test_gnu_cpio_unpacks_what_went_in(self):
        self.write("tree/bin/one", b"\x7fELF" + bytes(range(256)) * 40, executable=True)
        self.write("tree/bin/two", b"\x7fELF" + bytes(100), executable=True)
        self.write("tree/lib/rc", "#!/bin/rc\n")
        (self.folder / "tree/empty").mkdir()
        archive = self.make(f"={self.folder}/tree")
        target = self.folder / "target"
        target.mkdir()
        subprocess.run(["cpio", "-id", "--quiet"], input=archive, cwd=target, check=True, stderr=subprocess.DEVNULL)
        (target / ".pad").unlink()
        self.assertEqual(run("diff", "-r", self.folder / "tree", target).status, 0)
        self.assertTrue(os.access(target / "bin/one", os.X_OK))
        self.assertFalse(os.access(target / "lib/rc", os.X_OK) and os.geteuid() != 0)

    def test_bad_input_gets_one_sentence(self):
        path = self.write("file", "x")
        self.assertIn("cannot read '/nowhere'", self.complaint("a=/nowhere"))
        self.assertIn("neither NAME=PATH nor NAME/", self.complaint("name"))
        self.assertIn("is no name", self.complaint(f"a/../b={path}"))
        self.assertIn("is no name", self.complaint(f"={path}"))
        self.assertIn("its own meaning", self.complaint(f"TRAILER!!!={path}"))
        self.assertIn("its own meaning", self.complaint(f".pad={path}"))
        self.assertIn("both a file and a directory", self.complaint(f"a={path}", "a/"))
        self.assertIn("beneath a file", self.complaint(f"a={path}", f"a/b={path}"))
        self.assertIn("neither a file nor a directory", self.complaint("a=/dev/null"))
        self.assertIn("'/nowhere'", self.complaint("--append", "/nowhere", "d/"))
        (self.folder / "tree").mkdir()
        (self.folder / "tree/loop").symlink_to(".")
        self.assertIn("symbolic link to a directory", self.complaint(f"={self.folder}/tree"))

    def test_what_cannot_be_written_gets_one_sentence(self):
        outcome = run(MKARCHIVE, "-o", "/nowhere/x", "d/", environment=EPOCH)
        self.assertEqual((outcome.status, outcome.err), (1, "mkarchive.py: '/nowhere/x': No such file or directory\n"))

    def test_time_that_does_not_fit_is_refused(self):
        with self.assertRaises(ArchiveError):
            Archive(1 << 32)
        outcome = run(MKARCHIVE, "-o", "-", "d/", environment={"SOURCE_DATE_EPOCH": "yesterday"})
        self.assertEqual((outcome.status, outcome.err.count("SOURCE_DATE_EPOCH")), (1, 1))


if __name__ == "__main__":
    unittest.main()
