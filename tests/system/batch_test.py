#!/usr/bin/env python3
"""What -c promises: exact output, honest status, and /proc answering as specified."""
import pathlib
import tempfile
import unittest

from procyon import BOARD, ROOT, is_debug, run, runner


class Batch(unittest.TestCase):
    def assertStatus(self, outcome, status):
        self.assertEqual(outcome.status, status, repr(outcome))

    def test_status_is_one_line_of_176_bytes(self):
        outcome = run("cat /proc/1/status")
        self.assertStatus(outcome, 0)
        self.assertEqual(len(outcome.out), 176, repr(outcome))
        self.assertEqual(outcome.out.count(b"\n"), 1)
        fields = outcome.text.split()
        self.assertEqual(fields[0], "init")
        self.assertEqual(fields[1], "eve")
        self.assertEqual(len(fields), 12)

    def test_a_process_that_is_not_there(self):
        outcome = run("cat /proc/999999/status")
        self.assertStatus(outcome, 1)
        self.assertIn("file does not exist: '/proc/999999'", outcome.text)

    def test_errors_say_all_that_the_call_said_and_no_name_twice(self):
        for command, said in (
                ("echo frob 3 >/proc/1/ctl; echo $status", 'echo: unknown control message "frob 3"\nunknown control message "frob 3"\n'),
                ("cat /dev/user >/proc/1/ctl", 'cat: unknown control message "eve"\n'),
                ("ls -l /bin /nosuch >/proc/1/ctl", "ls: file does not exist: '/nosuch'\nls: read or write too large\n"),
                ("@{echo >/proc/999/ctl}", "rc: /boot/cmd:1: /proc/999/ctl: can't open: file does not exist: '/proc/999'\n"),
                ("@{cat </nosuch}", "rc: /boot/cmd:1: /nosuch: can't open: file does not exist\n"),
                ("@{. /nosuch/x}", "rc: /boot/cmd:1: /nosuch/x: can't open: file does not exist: '/nosuch'\n"),
                ("cd /nosuch/x; cd /nosuch", "Can't cd /nosuch/x: file does not exist: '/nosuch'\nCan't cd /nosuch: file does not exist\n"),
                ("nosuch; ./nosuch; /nosuch/x",
                 "rc: /boot/cmd:1: nosuch: file does not exist\nrc: /boot/cmd:1: ./nosuch: file does not exist\n"
                 "rc: /boot/cmd:1: /nosuch/x: file does not exist: '/nosuch'\n")):
            with self.subTest(command=command):
                self.assertEqual(run(command).text, said)

    def test_only_canonical_numbers_resolve(self):
        for name in ("01", "-1", "+1", "0", "x", "1x", "4294967297"):
            with self.subTest(name=name):
                outcome = run(f"cat /proc/{name}/status")
                self.assertStatus(outcome, 1)
                self.assertIn(f"file does not exist: '/proc/{name}'", outcome.text)

    def test_status_is_that_of_the_last_command(self):
        self.assertStatus(run("cat /nowhere; echo fine"), 0)
        self.assertStatus(run("echo fine; cat /nowhere"), 1)
        self.assertStatus(run("cat /nowhere", "echo fine"), 0)
        self.assertStatus(run("~ a b"), 1)

    def test_output_is_exact_in_every_byte(self):
        data = bytes(range(256)) * 33 + b"\r\n\n\r@0123456789abcdef0123456789abcdef end 0\n\x00\xff"
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "x"
            file.write_bytes(data)
            archive = pathlib.Path(folder) / "a.cpio"
            made = runner_tool("mkarchive.py", "-o", archive, f"bin/x={file}")
            self.assertEqual(made.returncode, 0, made.stderr)
            outcome = run("cat /bin/x", options=["--initrd", archive])
        self.assertStatus(outcome, 0)
        self.assertEqual(outcome.out, data)

    def test_quoting_is_lossless(self):
        outcome = run("echo 'a''b  c' \"x\" $#* `{echo d}")
        self.assertStatus(outcome, 0)
        self.assertEqual(outcome.text, "a'b  c \"x\" 0 d\n")

    def test_a_command_of_several_lines(self):
        outcome = run("for(i in 1 2){\n\techo $i\n}\nif(~ 1 1)\n\techo yes")
        self.assertEqual(outcome.text, "1\n2\nyes\n")

    def test_boot_arguments_take_effect(self):
        outcome = run("cat /dev/hostowner", options=["--append", "quiet *hostowner=glenda *nproc=40"])
        self.assertEqual(outcome.text, "glenda", repr(outcome))
        outcome = run("for(i in 1 2 3 4 5 6 7) for(j in 1 2 3 4 5 6 7) {sleep 9 &}", options=["--append", "*nproc=40"])
        self.assertStatus(outcome, 1)
        self.assertIn("no procs", outcome.text)
        outcome = run("echo up", options=["--append", "*nproc=many"])
        self.assertStatus(outcome, 0)
        self.assertIn(b"*nproc=many is no number up to 4294967295: not used", outcome.err)
        outcome = run("cat /proc/ctl; echo piddelay 3 >/proc/ctl; echo randompid 50 >/proc/ctl; cat /proc/ctl",
                      options=["--append", "*piddelay=60 *randompid=1000"])
        self.assertEqual(outcome.text, "piddelay 60\nrandompid 1000\npiddelay 3\nrandompid 100\n", repr(outcome))

    def test_a_script(self):
        with tempfile.NamedTemporaryFile("w", suffix=".rc") as script:
            script.write("fn greet { echo hello $1 }\ngreet you\n")
            script.flush()
            outcome = run(options=["--script", script.name])
        self.assertStatus(outcome, 0)
        self.assertEqual(outcome.text, "hello you\n")

    def test_pipelines_run_in_processes_of_their_own(self):
        outcome = run("cat /proc/*/status | wc", "ls / | cat | cat | wc -l || echo no")
        self.assertIn("\n", outcome.text)
        lines, words, size = outcome.text.splitlines()[0].split()
        self.assertEqual(int(size), int(lines) * 176)

    def test_kernel_processes_come_and_go_without_a_trace(self):
        outcome = run("kprocs 10; cat /proc/stats", "echo -----", "kprocs 1000; cat /proc/stats")
        self.assertStatus(outcome, 0)
        before, after = ({line.split()[0]: line.split()[1] for line in half.splitlines() if len(line.split()) == 2}
                         for half in outcome.text.split("-----\n"))
        names = [name for name in before if "inuse" in name or "live" in name]
        self.assertGreaterEqual(len(names), 4, repr(outcome))
        for name in names:
            self.assertEqual(before[name], after[name], f"{name}\n{outcome!r}")

    def test_the_tour_runs(self):
        outcome = run("tour")
        self.assertStatus(outcome, 0)
        self.assertIn("cat /proc/stats", outcome.text)
        self.assertNotIn("file does not exist", outcome.text)

    def test_help_names_every_builtin(self):
        outcome = run("help")
        self.assertStatus(outcome, 0)
        for name in ("bind", "cat", "cd", "halt", "kprocs", "ps", "spin", "whatis"):
            self.assertRegex(outcome.text, rf"(?m)^{name}\b")
        self.assertRegex(outcome.text, r"(?m)^any other word .*/bin\n.*ls /bin.* -h\.$")

    def test_flags_that_a_builtin_does_not_know_are_its_programs(self):
        outcome = run("ps -a; ps -z; echo $status; ls -p /rc/lib /dev/user; ps -n | sed 's/.* //; 1q' & wait; builtin ps -na")
        shell = r"(?m)^eve +2 .* /boot/cmd$"
        self.assertRegex(outcome.text, shell)
        self.assertIn("usage: ps [-apnr]\nusage\nprocesses\nuser\ninit\n", outcome.text)
        self.assertRegex(outcome.text.split("usage\n")[-1], shell.replace("2 ", r"2 +\d+ "))

    def test_a_job_becomes_its_program(self):
        for command, said in (
                # It is the process whose number the shell knows, with no other descriptors than a child's.
                ("x=`{/bin/cat /dev/pid}; /bin/cat /dev/pid >/env/y & wait; if(~ $apid `{cat /env/y}) echo same", "same\n"),
                ("/bin/cat /proc/self/fd >/env/y & wait; sed -n '2,$s/^ *([0-9]+) .*/\\1/p' /env/y", "0\n1\n2\n3\n"),
                ("@{exec /bin/cat /fd/7 <[7]/dev/user}; echo", "eve\n"),
                ("{echo a; exec /bin/echo b} | /bin/cat | sed s/./-/", "-\n-\n"),
                ("@{fn sigexit {echo not}; exec /bin/echo done}", "done\n"),
                ("exec /bin/sed 's/.*/becomes it/' /proc/$pid/ppid; echo not", "becomes it\n"),
                # How it ends, and what comes of a script, and of nothing.
                ("/bin/sleep 100 & echo -n kill >/proc/$apid/note; wait $apid; echo $status", "kill\n"),
                ("/bin/sleep 100 & /bin/sleep 1; echo -n kill >/proc/$apid/note; wait $apid; echo $status", "kill\n"),
                ("false & wait $apid; echo $status; @{exec /bin/false}; echo $status", "false\nfalse\n"),
                ("/dev/user & wait $apid; echo $status; @{exec /nosuch; echo on}",
                 "rc: /boot/cmd:1: /dev/user: exec header invalid\nexec header invalid\n"
                 "rc: /boot/cmd:1: /nosuch: file does not exist\non\n")):
            with self.subTest(command=command):
                self.assertEqual(run(command).text, said)

    def test_help_about_files_is_about_those(self):
        # In the kernel's shell, and in the program.
        for shell in "eval", "rc -c":
            for path, pattern, some in (("/proc/1", r"N/\S+ .*", "N/status "), ("/proc/self/", r"N/\S+ .*", "N/ctl `kill` "),
                                        ("/proc/1/ctl", r"N/ctl .*", "N/ctl `kill` "), ("/proc/ctl", r"ctl .*", "ctl `piddelay S` "),
                                        ("/proc/2.17/status", r"N/status .*", "N/status "), ("/proc/trace", r"trace .*", "trace "),
                                        ("/proc", r"\S+ .*", "N/status ")):
                with self.subTest(shell=shell, path=path):
                    outcome = run(f"{shell} 'help {path}'")
                    self.assertStatus(outcome, 0)
                    self.assertRegex(outcome.text, rf"\A({pattern}\n)+\Z")
                    self.assertIn("\n" + some, "\n" + outcome.text)
            for path in "/proc/nosuch", "/proc/1/nosuch", "/nosuch", "nosuch", "/bin/ps", "..":
                with self.subTest(shell=shell, path=path):
                    outcome = run(f"{shell} 'help {path}'")
                    self.assertStatus(outcome, 1)
                    self.assertEqual(outcome.text, f"help: {path}: no help about it; programs say their usage with -h\n")

    def test_halt_ends_with_its_status(self):
        for command, status in (("halt", 0), ("halt 0", 0), ("halt 3", 1), ("reboot", 0), ("echo hi; halt; echo never", 0)):
            with self.subTest(command=command):
                outcome = run(command)
                self.assertStatus(outcome, status)
                self.assertNotIn("never", outcome.text)

    @unittest.skipUnless(BOARD == "host", "schedules are the simulator's")
    def test_a_seed_is_a_schedule(self):
        crowd = "for(i in 1 2 3) {ps &}; wait; cat /proc/stats"
        first, again, other = (run(crowd, options=["--harts", 4, "--seed", seed]) for seed in (3, 3, 4))
        self.assertStatus(first, 0)
        self.assertEqual(first.out, again.out)
        self.assertNotEqual(first.out, other.out)

    @unittest.skipUnless(BOARD == "virt", "hardware only")
    def test_every_hart_works(self):
        for harts in (1, 2, 4, 8):
            with self.subTest(harts=harts):
                # Several rounds: where harts share few processors, one may not run at all during the first.
                outcome = run(f"for(i in 1 2 3 4 5) spin {harts}; cat /dev/sysstat", options=["--harts", harts])
                self.assertStatus(outcome, 0)
                rows = [[int(word) for word in line.split()] for line in outcome.text.splitlines()]
                self.assertEqual(len(rows), harts, repr(outcome))
                for row in rows:
                    self.assertEqual(len(row), 10)
                    self.assertGreater(row[1], 0, repr(outcome))
                    self.assertGreater(row[2], 0, repr(outcome))

    @unittest.skipUnless(BOARD == "virt" and is_debug(), "debug builds on hardware")
    def test_a_crash_names_the_function_and_ends_with_status_2(self):
        outcome = run("crash")
        self.assertStatus(outcome, 2)
        self.assertIn(b"panic: ", outcome.err)
        self.assertIn(b"write_through_null", outcome.err)
        self.assertEqual(outcome.out, b"")


class BadInput(unittest.TestCase):
    def test_a_path_of_ten_thousand_elements(self):
        outcome = run("x = /proc; for(i in `{echo 1 2 3 4 5 6 7}) x = $x^/.^$x^/..; echo ok; cat $x",
                      "y = a; for(i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14) y = $y^/^$y; cat /$y; echo done")
        self.assertEqual(outcome.status, 0, repr(outcome))
        self.assertTrue(outcome.text.endswith("done\n"), repr(outcome))

    @unittest.skipUnless(BOARD == "virt", "hardware only")
    def test_a_boot_command_line_of_4_kib(self):
        outcome = run("echo up", options=["--append", "x" * 4000])
        self.assertEqual((outcome.status, outcome.out), (0, b"up\n"), repr(outcome))

    @unittest.skipUnless(BOARD == "virt", "hardware only")
    def test_sixty_four_harts(self):
        outcome = run("cat /dev/sysstat", options=["--harts", 64, "--mem", "512M", "--timeout", "200"], timeout=240)
        self.assertEqual(outcome.status, 0, repr(outcome))
        self.assertEqual(len(outcome.text.splitlines()), 64)

    @unittest.skipUnless(BOARD == "virt", "hardware only")
    def test_the_smallest_machine_boots(self):
        outcome = run("cat /proc/1/status", options=["--mem", "8M", "--harts", 1])
        self.assertEqual(outcome.status, 0, repr(outcome))

    def test_a_broken_archive_is_reported_and_the_rest_serves(self):
        with tempfile.NamedTemporaryFile(suffix=".cpio") as archive:
            archive.write(b"070701" + b"FFFFFFFF" * 13 + b"nonsense")
            archive.flush()
            outcome = run("echo up; cat /dev/kmesg", options=["--initrd", archive.name])
        self.assertEqual(outcome.status, 0, repr(outcome))
        self.assertTrue(outcome.text.startswith("up\n"))
        self.assertIn("archive", outcome.text)


def runner_tool(name, *arguments):
    import subprocess
    return subprocess.run([ROOT / "tools" / name, *map(str, arguments)], capture_output=True, text=True)


if __name__ == "__main__":
    unittest.main()
