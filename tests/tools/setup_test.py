"""tools/setup.sh on machines of our making: PATH holds only what each test puts there."""

import os
import shutil
import unittest

from support import TOOLS, FolderTest, run

SETUP = TOOLS / "setup.sh"
HOST = ["cmake", "ninja", "g++", "python3", "flock"]
BUILD = HOST + ["riscv64-linux-gnu-g++", "riscv64-unknown-elf-gcc", "qemu-system-riscv64", "fdtput"]
# A package of that group, besides opensbi, that brings no command. It is there unless a test says otherwise.
LIBRARY = "picolibc-riscv64-unknown-elf"
# What the script itself is made of.
OWN = ["bash", "cat", "dirname", "env", "readlink", "tail"]


@unittest.skipUnless(os.path.exists("/etc/debian_version"), "Debian only")
class Setup(FolderTest):
    def setUp(self):
        super().setUp()
        self.bin = self.folder / "bin"
        self.bin.mkdir()
        for name in OWN:
            (self.bin / name).symlink_to(shutil.which(name))
        self.installed = self.write("installed", f"{LIBRARY}\n")
        self.calls = self.folder / "calls"
        # Knows the packages that the file lists, as dpkg-query would answer for those it was asked about.
        self.tool("dpkg-query", f"""
            shift 3
            for package; do
                while read -r known; do [ "$known" = "$package" ] && echo "$package installed"; done <{self.installed}
            done
            exit 1""")

    def tool(self, name, text="exit 0"):
        (self.bin / name).unlink(missing_ok=True)
        self.write(f"bin/{name}", f"#!{shutil.which('bash')}\n{text}\n", executable=True)

    def apt(self, result):
        """An apt-get that notes how it is called; `install` then does `result`."""
        self.tool("apt-get", f'echo "$*" >>{self.calls}\ncase "$*" in *install*) {result};; esac')

    def setup(self, *arguments):
        return run(SETUP, *arguments, environment={"PATH": self.bin})

    def all_of(self, names):
        for name in names:
            self.tool(name)

    def called(self):
        return self.calls.read_text() if self.calls.exists() else ""

    def test_nothing_to_do_is_one_line_and_no_network(self):
        self.all_of(BUILD)
        self.installed.write_text(f"{LIBRARY}\nopensbi\n")
        self.apt("exit 0")
        outcome = self.setup("build")
        self.assertEqual((outcome.status, outcome.out, outcome.err), (0, b"", "setup.sh: everything is installed\n"))
        outcome = self.setup("--quiet", "build")
        self.assertEqual((outcome.status, outcome.out, outcome.err), (0, b"", ""))
        self.assertEqual(self.called(), "")

    def test_a_group_asks_only_for_its_own(self):
        self.all_of(HOST)
        self.assertEqual(self.setup("host").status, 0)
        outcome = self.setup("--check", "build")
        self.assertEqual(outcome.status, 125)
        self.assertEqual(outcome.err, "setup.sh: missing: g++-riscv64-linux-gnu gcc-riscv64-unknown-elf qemu-system-misc opensbi device-tree-compiler\n")
        outcome = self.setup("--check", "card")
        self.assertRegex(outcome.err, "device-tree-compiler gdisk mtools u-boot-qemu\n$")
        self.assertIn("libgtest-dev", self.setup("--check").err)

    def test_a_command_from_elsewhere_needs_no_package(self):
        self.all_of(BUILD)
        outcome = self.setup("--check", "build")
        self.assertEqual((outcome.status, outcome.err), (125, "setup.sh: missing: opensbi\n"))

    def test_what_is_missing_is_installed_by_name(self):
        self.all_of(HOST)
        self.installed.write_text("")
        done = f"printf '{LIBRARY}\\nopensbi\\ng++-riscv64-linux-gnu\\ngcc-riscv64-unknown-elf\\nqemu-system-misc\\ndevice-tree-compiler\\n' >{self.installed}"
        self.apt(done)
        outcome = self.setup("build")
        self.assertEqual(outcome.status, 0, outcome)
        update, install = self.called().splitlines()
        self.assertTrue(update.endswith("update"))
        self.assertTrue(install.endswith(f" g++-riscv64-linux-gnu gcc-riscv64-unknown-elf {LIBRARY} qemu-system-misc opensbi "
                                         "device-tree-compiler"), install)

    def test_a_failed_installation_is_one_sentence_with_the_packages(self):
        self.all_of(BUILD)
        self.apt("echo E: no network >&2; exit 100")
        outcome = self.setup("build")
        self.assertEqual(outcome.status, 125)
        self.assertIn("E: no network\n", outcome.err)
        self.assertIn("could not install opensbi (", outcome.err.splitlines()[-1])

    def test_an_installation_that_only_pretends_is_noticed(self):
        self.all_of(BUILD)
        self.apt("exit 0")
        outcome = self.setup("build")
        self.assertEqual(outcome.status, 125)
        self.assertIn("could not install opensbi", outcome.err)

    def test_a_failed_update_does_not_stop_the_installation(self):
        self.all_of(BUILD)
        self.tool("apt-get", f'case "$*" in *update*) exit 100;; *install*) echo opensbi >>{self.installed};; esac')
        self.assertEqual(self.setup("build").status, 0)

    def test_off_debian_the_tools_and_versions_are_named(self):
        (self.bin / "dpkg-query").unlink()
        self.all_of(["cmake", "g++", "python3", "flock"])
        outcome = self.setup("build")
        self.assertEqual(outcome.status, 125)
        self.assertIn("ninja (version 1.11, Debian package ninja-build): ", outcome.err)
        self.assertIn("qemu-system-riscv64 (version 7.2, Debian package qemu-system-misc): ", outcome.err)
        self.assertNotIn("cmake (version", outcome.err)
        self.assertIn("this is not Debian", outcome.err.splitlines()[-1])

    def test_off_debian_with_every_tool_there_is_nothing_to_do(self):
        (self.bin / "dpkg-query").unlink()
        self.all_of(BUILD)
        self.assertEqual(self.setup("--quiet", "build").status, 0)

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("setpriv"), "needs root, to give it up")
    def test_who_is_not_root_uses_sudo_or_is_told(self):
        self.all_of(BUILD)
        self.apt("exit 0")
        self.folder.chmod(0o755)
        # The tree may lie where nobody else can read: give them a copy.
        shutil.copytree(TOOLS, self.folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))

        def as_nobody():
            return run(shutil.which("setpriv"), "--reuid=65534", "--clear-groups", self.folder / "tools/setup.sh", "build",
                       environment={"PATH": self.bin})

        outcome = as_nobody()
        self.assertEqual(outcome.status, 125)
        self.assertIn("there is no sudo; as root: apt-get install opensbi", outcome.err)
        self.tool("sudo", 'echo "sudo $*" >&2')
        outcome = as_nobody()
        self.assertRegex(outcome.err, "(?m)^sudo env DEBIAN_FRONTEND=noninteractive apt-get .* install .* opensbi$")

    def test_help_and_unknown_arguments(self):
        outcome = self.setup("--help")
        self.assertEqual(outcome.status, 0)
        for word in (b"usage:", b"--check", b"--quiet", b"host", b"build", b"card", b"test"):
            self.assertIn(word, outcome.out)
        outcome = self.setup("everything")
        self.assertEqual(outcome.status, 125)
        self.assertIn("unknown argument 'everything'", outcome.err)


if __name__ == "__main__":
    unittest.main()
