"""How the runner and test.sh build: quietly when nothing changed, with one clear sentence when it fails. In a tree of our own."""

import json
import shutil
import subprocess
import unittest

from support import ROOT, FolderTest, run

PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(fake LANGUAGES NONE)
include(CTest)
file(GLOB sources CONFIGURE_DEPENDS ${{CMAKE_SOURCE_DIR}}/*.cc)
{extra}
add_custom_command(OUTPUT procyon-host DEPENDS ${{CMAKE_SOURCE_DIR}}/machine
                   COMMAND sleep {seconds} && cp ${{CMAKE_SOURCE_DIR}}/machine procyon-host && echo ran >>${{CMAKE_SOURCE_DIR}}/builds)
add_custom_target(all-of-it ALL DEPENDS procyon-host)
# Only who asks for the simulator by name gets it.
add_custom_command(OUTPUT procyon-host-sim COMMAND cp ${{CMAKE_SOURCE_DIR}}/machine procyon-host-sim)
add_custom_target(by-name DEPENDS procyon-host-sim)
add_test(NAME good COMMAND true)
"""


class Tree(FolderTest):
    def setUp(self):
        super().setUp()
        shutil.copytree(ROOT / "tools", self.folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
        presets = [{"name": name, "generator": "Ninja", "binaryDir": "${sourceDir}/build/${presetName}"}
                   for name in ("host", "host-release")]
        self.write("CMakePresets.json", json.dumps({
            "version": 6,
            "configurePresets": presets,
            "buildPresets": [{"name": preset["name"], "configurePreset": preset["name"]} for preset in presets],
        }, indent=2))
        self.install_fake_machine("machine")
        self.project()

    def project(self, extra="", seconds=0):
        self.write("CMakeLists.txt", PROJECT.format(extra=extra, seconds=seconds))

    def builds(self):
        return (self.folder / "builds").read_text().splitlines()

    def boot(self, *arguments):
        return run(self.folder / "tools/qemu-run.sh", "--board", "host", "-c", "echo up", *arguments,
                   environment={"PROCYON_BINARY_DIR": None})

    def whole_run(self, *arguments):
        return run(self.folder / "tools/test.sh", *arguments, environment={"PROCYON_SEEDS": None}, timeout=120)


class Build(Tree):
    def test_the_first_start_builds_and_says_so(self):
        outcome = self.boot()
        self.assertEqual((outcome.status, outcome.out), (0, b"up\n"), outcome)
        self.assertIn("qemu-run.sh: configuring host-release", outcome.err)
        self.assertRegex(outcome.err, "qemu-run.sh: building host-release: \\d+ of \\d+\n")
        self.assertRegex(outcome.err, "qemu-run.sh: built host-release in \\d+ s\n")

    def test_a_seed_builds_the_simulator_in_a_fresh_tree(self):
        outcome = self.boot("--seed", "7")
        self.assertEqual((outcome.status, outcome.out), (0, b"up\n"), outcome)
        self.assertTrue((self.folder / "build/host-release/procyon-host-sim").exists())

    def test_the_second_start_is_quiet(self):
        self.boot()
        outcome = self.boot()
        self.assertEqual((outcome.status, outcome.out, outcome.err), (0, b"up\n", "boot log\n\n"))
        self.assertEqual(self.builds(), ["ran"])

    def test_what_changed_is_built_again(self):
        self.boot()
        self.write("machine", (self.folder / "machine").read_text() + "\n", executable=True)
        self.assertEqual(self.boot().status, 0)
        self.assertEqual(self.builds(), ["ran", "ran"])

    def test_log_takes_the_build_too(self):
        outcome = self.boot("--log", self.folder / "log")
        self.assertEqual((outcome.status, outcome.out, outcome.err), (0, b"up\n", ""))
        self.assertIn("configuring host-release", (self.folder / "log").read_text())

    def test_two_first_starts_at_once_build_once(self):
        self.project(seconds=2)
        starts = [subprocess.Popen([self.folder / "tools/qemu-run.sh", "--board", "host", "-c", "echo up"], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
        results = [start.communicate(timeout=120) for start in starts]
        self.assertEqual([(out, start.returncode) for (out, _), start in zip(results, starts)], [(b"up\n", 0)] * 2)
        self.assertEqual(self.builds(), ["ran"])
        self.assertEqual(sum(b"waiting for another build of host-release" in err for _, err in results), 1)

    def test_a_build_that_fails_is_one_sentence(self):
        self.write("compile", "echo 'a.cc:1: error: no such thing'; exit 1")
        self.project("add_custom_command(OUTPUT broken COMMAND sh ${CMAKE_SOURCE_DIR}/compile)")
        text = (self.folder / "CMakeLists.txt").read_text()
        self.write("CMakeLists.txt", text.replace("DEPENDS ${CMAKE_SOURCE_DIR}/machine", "DEPENDS broken"))
        outcome = self.boot()
        self.assertEqual((outcome.status, outcome.out), (125, b""))
        self.assertRegex(outcome.err.splitlines()[-1], "^qemu-run.sh: the build of host-release failed after \\d+ s: "
                         "a.cc:1: error: no such thing \\(all of it: build/host-release/build.log\\)$")
        self.assertNotIn("built host-release", outcome.err)

    def test_a_configure_that_fails_is_one_sentence(self):
        self.project('message(FATAL_ERROR "there is no such compiler")')
        outcome = self.boot()
        self.assertEqual((outcome.status, outcome.out), (125, b""))
        self.assertRegex(outcome.err.splitlines()[-1], "^qemu-run.sh: cannot configure host-release: CMakeLists.txt:6 .message.: "
                         "there is no such compiler +\\(more: build/host-release/configure.errors\\)$")
        # And once mended, it goes on.
        self.project()
        self.assertEqual(self.boot().status, 0)

    def test_presets_that_do_not_fit(self):
        outcome = self.boot("--preset", "nope")
        self.assertEqual((outcome.status, outcome.err),
                         (125, "qemu-run.sh: there is no preset 'nope'; there are host, host-release\n"))
        outcome = run(self.folder / "tools/qemu-run.sh", "--preset", "host", environment={"PROCYON_BINARY_DIR": None})
        self.assertEqual((outcome.status, outcome.err), (125, "qemu-run.sh: the preset host does not build what --board virt runs\n"))


@unittest.skipUnless(run(ROOT / "tools/setup.sh", "--check").status == 0, "test.sh would install what is missing")
class WholeRun(Tree):
    def test_success_ends_with_a_summary(self):
        outcome = self.whole_run("host", "host-release")
        self.assertEqual(outcome.status, 0, outcome)
        lines = outcome.out.decode().splitlines()
        self.assertRegex(lines[-1], "^all tests passed in \\d+ s \\(default\\)$")
        self.assertRegex(lines[-4], "^  host +ok +1 +0 +\\d+ s$")
        self.assertRegex(lines[-3], "^  host-release +ok +1 +0 +\\d+ s$")

    def test_failures_are_named(self):
        self.write("bad", "echo what went wrong; exit 1")
        self.write("worse", "kill -9 $$")
        self.project("add_test(NAME bad COMMAND sh ${CMAKE_SOURCE_DIR}/bad)\nadd_test(NAME worse COMMAND sh ${CMAKE_SOURCE_DIR}/worse)")
        outcome = self.whole_run("host")
        self.assertEqual(outcome.status, 1, outcome)
        text = outcome.out.decode()
        self.assertIn("\nwhat went wrong\n", text)
        self.assertRegex(text, "(?m)^  host +ok +1 +2 +\\d+ s$")
        self.assertRegex(text, "\nfailed:\n  host: bad \\(Failed\\)\n  host: worse .*\n\nsome tests failed, in \\d+ s \\(default\\)\n$")

    def test_a_failed_build_does_not_stop_the_others(self):
        self.project('if(CMAKE_BINARY_DIR MATCHES "host$")\nmessage(FATAL_ERROR "not today")\nendif()')
        outcome = self.whole_run("host", "host-release")
        self.assertEqual(outcome.status, 1, outcome)
        text = outcome.out.decode()
        self.assertRegex(text, "(?m)^  host +failed +- +- +\\d+ s$")
        self.assertRegex(text, "(?m)^  host-release +ok +1 +0 +\\d+ s$")
        self.assertIn("  host: cannot configure host: CMakeLists.txt:7 (message): not today", text)

    def test_tiers_choose_by_label_and_tell_the_tests(self):
        self.write("see", f'echo $1 $PROCYON_TEST_TIER $PROCYON_SEEDS >>"{self.folder}/seen"')
        self.project("\n".join(
            f"add_test(NAME {name} COMMAND sh ${{CMAKE_SOURCE_DIR}}/see {name})\n"
            f"set_tests_properties({name} PROPERTIES LABELS {label})"
            for name, label in (("plain", "longish"), ("slow", "slow"), ("long", "long"))))
        for tier, expected in (("--fast", ["plain fast 50"]), (None, ["plain default", "slow default"]),
                               ("--long", ["long long 1000000", "plain long 1000000", "slow long 1000000"])):
            (self.folder / "seen").unlink(missing_ok=True)
            outcome = self.whole_run(*([tier] if tier else []), "host")
            self.assertEqual(outcome.status, 0, outcome)
            self.assertEqual(sorted((self.folder / "seen").read_text().splitlines()), expected)

    def test_a_preset_without_tests_fails(self):
        text = (self.folder / "CMakeLists.txt").read_text()
        self.write("CMakeLists.txt", text.replace("add_test(NAME good COMMAND true)", ""))
        outcome = self.whole_run("host")
        self.assertEqual(outcome.status, 1, outcome)
        self.assertIn(b"host: no tests ran\n", outcome.out)

    def test_arguments(self):
        self.assertEqual(self.whole_run("--help").status, 0)
        outcome = self.whole_run("--quick")
        self.assertEqual((outcome.status, outcome.err), (125, "test.sh: unknown option '--quick' (--help lists the options)\n"))
        self.assertEqual(self.whole_run("nope").err, "test.sh: there is no preset 'nope'; there are host, host-release\n")


class Entry(unittest.TestCase):
    def test_ci_runs_the_whole_run(self):
        outcome = run(ROOT / ".ci/run", "--help")
        self.assertEqual((outcome.status, outcome.err), (0, ""))
        self.assertTrue(outcome.out.startswith(b"usage: tools/test.sh"))


if __name__ == "__main__":
    unittest.main()
