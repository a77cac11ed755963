"""tools/qemu-run.sh end to end, with a fake machine: exact output, honest status, nothing left behind."""

import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

from support import HERE, TOOLS, FolderTest, run

RUNNER = TOOLS / "qemu-run.sh"


class SessionTest(FolderTest):
    def setUp(self):
        super().setUp()
        for program in ("procyon-host", "procyon-host-sim"):
            self.install_fake_machine(program)
        self.environment = {"PROCYON_BINARY_DIR": self.folder}

    def session(self, *arguments, **options):
        return run(RUNNER, "--board", "host", *arguments, environment=self.environment, **options)

    def commands(self, *lines, options=()):
        return self.session(*options, *(word for line in lines for word in ("-c", line)))


class Commands(SessionTest):
    def test_output_and_nothing_else_on_stdout(self):
        outcome = self.commands("echo one", "nonl")
        self.assertEqual((outcome.status, outcome.out), (0, b"one\nno newline"))
        self.assertEqual(outcome.err, "boot log\n\n")

    def test_binary_output_is_exact(self):
        self.assertEqual(self.commands("bytes").out, bytes(range(256)) * 2)

    def test_output_that_looks_like_markers_is_exact(self):
        outcome = self.commands("near", "marker", "forge 1", "echo end")
        self.assertEqual(outcome.status, 0)
        lines = outcome.out.split(b"\n")
        token = lines[4][1:]
        self.assertRegex(token, b"^[0-9a-f]{32}$")
        near = b"@" + token + b" enf\n@" + b"0" * 32 + b" end 0\n" + (b"@" + token)[:20] + b"\n@" + token + b" end 7\n"
        self.assertEqual(outcome.out, near + b"@" + token + b"\nbefore @" + token + b" end 1\nafter\nend\n")

    def test_each_run_has_its_own_marker(self):
        self.assertNotEqual(self.commands("marker").out, self.commands("marker").out)

    def test_status_is_that_of_the_last_command(self):
        self.assertEqual(self.commands("false").status, 1)
        self.assertEqual(self.commands("false", "echo x").status, 0)
        self.assertEqual(self.commands("echo x", "false").status, 1)
        self.assertEqual(self.commands("").status, 0)

    def test_commands_and_scripts_run_in_order_and_arrive_unchanged(self):
        text = "echo 'a''b  c' \"x\" $#* `{echo d} \\ \t\u00e9"
        script = self.write("script", b"echo \xff\xfe\necho last")
        outcome = self.session("-c", text, "--script", script, "-c", "echo then\necho there", f"--script={script}")
        self.assertEqual(outcome.out, text[5:].encode() + b"\n\xff\xfe\nlast\nthen\nthere\n\xff\xfe\nlast\n")
        # What the machine got is the text itself: a line end after each -c, the script as it is.
        outcome = self.session("-c", "cat boot/cmd", "--script", self.write("s", "echo s\n"))
        self.assertEqual(outcome.out, b"cat boot/cmd\necho s\ns\n")

    def test_options_reach_the_machine(self):
        outcome = self.commands("arguments", options=["--harts", "3", "--mem=64M", "--append", "*a=b c", "--seed", "7"])
        words = outcome.out.decode().splitlines()
        for option, value in (("--harts", "3"), ("--mem", "65536K"), ("--append", "*a=b c"), ("--seed", "7")):
            self.assertEqual(words[words.index(option) + 1], value)
        words = self.commands("arguments").out.decode().splitlines()
        self.assertEqual(words[:6], ["--harts", "2", "--mem", "524288K", "--append", ""])
        self.assertNotIn("--backend", words)

    def test_the_archive_of_the_user_follows_ours(self):
        archive = self.folder / "user.cpio"
        made = run(TOOLS / "mkarchive.py", "-o", archive, f"bin/x={self.write('x', bytes(range(256)))}")
        self.assertEqual(made.status, 0, made)
        outcome = self.commands("cat bin/x", options=["--initrd", archive])
        self.assertEqual(outcome.out, bytes(range(256)))
        self.assertEqual(self.commands("files", options=["--initrd", archive]).out.splitlines()[-1], b"boot/marker")

    def test_log_takes_all_but_output_and_errors(self):
        log = self.folder / "log"
        outcome = self.commands("echo x", "complain", options=["--log", log])
        self.assertEqual((outcome.status, outcome.out, outcome.err), (0, b"x\n", ""))
        self.assertEqual(sorted(log.read_text().splitlines()), ["", "boot log", "something is odd"])

    def test_a_panic_is_status_2_with_its_text_on_stderr(self):
        log = self.folder / "log"
        outcome = self.commands("nonl", "panic", "echo never", options=["--log", log])
        self.assertEqual((outcome.status, outcome.out), (2, b"no newline"))
        self.assertEqual(outcome.err, "panic: null dereference\npanic: hart 0: fake_machine\n")
        self.assertIn("panic: null dereference\n", log.read_text())

    def test_a_panic_before_the_commands_is_status_2(self):
        outcome = self.commands("echo x", options=["--append", "panic-early", "--log", self.folder / "log"])
        self.assertEqual((outcome.status, outcome.out), (2, b""))
        self.assertIn("panic: null dereference\n", outcome.err)

    def test_no_end_marker_is_status_125(self):
        outcome = self.commands("echo x", "stop")
        self.assertEqual((outcome.status, outcome.out), (125, b"x\n"))
        self.assertIn("qemu-run.sh: the machine stopped before the commands ended, with status 0\n", outcome.err)

    def test_two_statuses_that_differ_are_status_125(self):
        for said in (0, 1):
            outcome = self.commands(f"lie {said}")
            self.assertEqual(outcome.status, 125)
            self.assertIn(f"ended with status {said}, but the machine with status {1 - said}", outcome.err)

    def test_a_machine_that_does_not_start_is_status_125(self):
        self.write("procyon-host", "#!/bin/sh\necho no such luck >&2\nexit 1\n", executable=True)
        outcome = self.commands("echo x")
        self.assertEqual((outcome.status, outcome.out), (125, b""))
        self.assertIn("stopped before the commands began, with status 1: no such luck\n", outcome.err)

    def test_output_comes_while_the_commands_run(self):
        begin = time.monotonic()
        process = subprocess.Popen([RUNNER, "--board", "host", "-c", "echo first\nsleep 5\necho last"], stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, env=os.environ | {"PROCYON_BINARY_DIR": str(self.folder)})
        self.addCleanup(process.stdout.close)
        seen = b""
        while len(seen) < len(b"first\n"):
            seen += os.read(process.stdout.fileno(), 100)
        self.assertEqual(seen, b"first\n")
        self.assertLess(time.monotonic() - begin, 4.5)
        process.terminate()
        process.wait()


class Ends(SessionTest):
    """However a session ends, its machine and its working directory are gone."""

    def setUp(self):
        super().setUp()
        # The machine writes down who it is.
        self.pid = self.folder / "pid"
        self.write("procyon-host", f"#!/bin/sh\necho $$ >{self.pid}\nexec /usr/bin/env python3 -S {HERE}/fake_machine.py \"$@\"\n",
                   executable=True)
        self.before = self.working_directories()

    @staticmethod
    def working_directories():
        return set(pathlib.Path(tempfile.gettempdir()).glob("procyon-run.*")) | set(pathlib.Path("/tmp").glob("procyon-run.*"))

    def start(self, *arguments, **options):
        process = subprocess.Popen([RUNNER, "--board", "host", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   stdin=subprocess.DEVNULL, env=os.environ | {"PROCYON_BINARY_DIR": str(self.folder)}, **options)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        return process

    def assertGone(self, own):
        deadline = time.monotonic() + 10
        pid = int(self.pid.read_text())
        while os.path.exists(f"/proc/{pid}") and time.monotonic() < deadline:
            if b"Z" == pathlib.Path(f"/proc/{pid}/stat").read_bytes().rpartition(b") ")[2][:1]:
                break  # dead, and not ours to bury
            time.sleep(0.05)
        else:
            self.assertFalse(os.path.exists(f"/proc/{pid}"), "the machine still runs")
        if own:
            self.assertNotIn(own, self.working_directories())

    def own_directory(self, process):
        words = pathlib.Path(f"/proc/{process.pid}/cmdline").read_bytes().split(b"\0")
        return pathlib.Path(os.fsdecode(words[words.index(b"--work") + 1]))

    def test_timeout_is_status_124(self):
        process = self.start("--timeout", "1.5", "-c", "nonl", "-c", "hang")
        out, err = process.communicate(timeout=30)
        self.assertEqual((process.returncode, out), (124, b"no newline"))
        self.assertIn(b"timed out after 1.5 s: the commands did not end\n", err)
        self.assertGone(None)

    def test_signals_end_the_machine_in_order(self):
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            with self.subTest(signum=signum):
                process = self.start("-c", "echo up\nhang")
                self.assertEqual(os.read(process.stdout.fileno(), 2), b"up")
                own = self.own_directory(process)
                self.assertTrue(own.is_dir())
                self.assertEqual(own.stat().st_mode & 0o777, 0o700)
                process.send_signal(signum)
                self.assertEqual(process.wait(30), -signum)
                self.assertGone(own)

    def test_even_a_killed_session_takes_the_machine_with_it(self):
        process = self.start("-c", "echo up\nhang")
        self.assertEqual(os.read(process.stdout.fileno(), 2), b"up")
        own = self.own_directory(process)
        process.kill()
        process.wait(30)
        self.assertGone(None)
        subprocess.run(["rm", "-r", own], check=True)

    def test_a_reader_that_leaves_ends_the_session(self):
        process = self.start("-c", "\n".join(["echo up"] + ["bytes"] * 2000 + ["hang"]))
        self.assertEqual(os.read(process.stdout.fileno(), 2), b"up")
        own = self.own_directory(process)
        process.stdout.close()
        self.assertEqual(process.wait(30), -signal.SIGPIPE)
        self.assertGone(own)

    def test_two_sessions_at_once_do_not_meet(self):
        processes = [self.start("-c", f"sleep 1\necho {number}\ncat boot/marker") for number in range(4)]
        tokens = set()
        for number, process in enumerate(processes):
            out, _ = process.communicate(timeout=60)
            said, token = out.split(b"\n")
            self.assertEqual((process.returncode, said), (0, b"%d" % number))
            tokens.add(token)
        self.assertEqual(len(tokens), 4)


class Qemu(FolderTest):
    """What the runner asks of QEMU, told by a fake QEMU that is the fake machine."""

    def setUp(self):
        super().setUp()
        self.install_fake_machine("bin/qemu-system-riscv64")
        for name in ("Image", "procyon.elf"):
            self.write(name, "")

    def words(self, *arguments):
        outcome = run(RUNNER, "-c", "arguments", *arguments,
                      environment={"PROCYON_BINARY_DIR": self.folder, "PATH": f"{self.folder}/bin:{os.environ['PATH']}"})
        self.assertEqual(outcome.status, 0, outcome)
        return outcome.out.decode().splitlines(), outcome.err

    def assertOption(self, words, *expected):
        text = "\n".join(words) + "\n"
        self.assertIn("\n".join(expected) + "\n", text)

    def test_defaults(self):
        words, _ = self.words()
        for expected in (("-M", "virt"), ("-smp", "2"), ("-m", "524288K"), ("-kernel", str(self.folder / "Image")), ("-append", ""),
                         ("-display", "none"), ("-monitor", "none"), ("-no-reboot",), ("-nodefaults",)):
            self.assertOption(words, *expected)
        self.assertNotIn("-icount", words)
        self.assertNotIn("-gdb", words)
        self.assertNotIn("-cpu", words)

    def test_options(self):
        words, _ = self.words("--harts", "8", "--mem", "4G", "--cpu", "rv64,sstc=off", "--append", "*x='y z'", "--", "-d", "int")
        for expected in (("-smp", "8"), ("-m", "4194304K"), ("-cpu", "rv64,sstc=off"), ("-append", "*x='y z'"), ("-d", "int")):
            self.assertOption(words, *expected)
        words, _ = self.words("--icount")
        self.assertOption(words, "-icount", "shift=0,sleep=off")
        self.assertOption(words, "-smp", "1")

    def test_gdb_waits_on_a_private_socket_and_tells_how_to_attach(self):
        words, err = self.words("--gdb")
        gdb = words[words.index("-gdb") + 1]
        self.assertIn("-S", words)
        socket = gdb.removeprefix("unix:").removesuffix(",server=on,wait=off")
        self.assertRegex(socket, "^/tmp/procyon-run[.][^/]*/gdb.sock$")
        self.assertRegex(err, f"gdb-multiarch .*'file {self.folder}/procyon.elf'.* -ex 'target remote {socket}'\n")

    def test_a_recording_keeps_all_that_a_replay_needs(self):
        recording = self.folder / "recording"
        words, _ = self.words("--record", recording)
        self.assertOption(words, "-smp", "1")
        self.assertOption(words, "-kernel", f"{recording}.session/Image")
        self.assertOption(words, "-initrd", f"{recording}.session/initrd")
        self.assertIn(f"shift=7,rr=record,rrsnapshot=start,rrfile={recording}", words)
        recording.write_bytes(b"")
        # Replayed, the fake machine runs the same commands under the same marker.
        outcome = run(RUNNER, "--replay", recording,
                      environment={"PROCYON_BINARY_DIR": None, "PATH": f"{self.folder}/bin:{os.environ['PATH']}"})
        self.assertEqual(outcome.status, 0, outcome)
        replayed = outcome.out.decode().splitlines()
        self.assertEqual([word.replace("rr=record", "rr=replay") for word in words], replayed)

    def test_a_panic_under_record_tells_the_command_to_replay_it(self):
        recording = self.folder / "a recording"
        outcome = run(RUNNER, "--record", recording, "-c", "panic",
                      environment={"PROCYON_BINARY_DIR": self.folder, "PATH": f"{self.folder}/bin:{os.environ['PATH']}"})
        self.assertEqual(outcome.status, 2)
        command = f"{RUNNER} --replay {str(recording).replace(' ', chr(92) + ' ')} --gdb"
        self.assertTrue(outcome.err.endswith(f": {command}\n"), outcome)


if __name__ == "__main__":
    unittest.main()
