#!/usr/bin/env python3
"""rc and init as programs: the language beside 9base's rc, children, the environment, notes, pid 1."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

try:
    import pexpect
except ImportError:
    raise SystemExit("python3-pexpect is not installed: tools/setup.sh installs it")

from procyon import BOARD, PRESET, ROOT, RUNNER, run

CORPUS = ROOT / "tests/unit/rc/corpus"
ORACLE = "/usr/lib/plan9/bin/rc"
# What a script of the corpus may ask for that programs have not got here: programs, files, directories that can be made, and
# the blanks of Unix's wc.
FOREIGN = re.compile(r"\b(sh|mkdir|paste)\b|/etc/|wc -c")
WORDS = ["a1", "a 2", "a3"]


def script_text(path):
    """The script with a last line that shows the status; one about its very end gets nothing added."""
    text = path.read_text(errors="surrogateescape")
    return text + "echo status: $status\n" if text.endswith("\n") else text


def is_success(status):
    return not status.strip("|0")


def result(out, success):
    """As the oracle test has it: all ways of writing success are one in the last line."""
    last = ("\n" + out).rfind("\nstatus: ")
    if last >= 0 and is_success(out[last + len("status: "):].removesuffix("\n")):
        out = out[:last] + "status: \n"
    return out + ("succeeded\n" if success else "failed\n")


def oracle_result(name):
    with tempfile.TemporaryDirectory() as folder:
        script, work = pathlib.Path(folder, "script"), pathlib.Path(folder, "run")
        script.write_text(script_text(CORPUS / f"{name}.rc"), errors="surrogateescape")
        work.mkdir()
        done = subprocess.run([ORACLE, script, *WORDS], cwd=work, stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                              env={"PATH": "/bin:/usr/bin", "LC_ALL": "C", "HOME": str(work)})
        out = done.stdout.decode(errors="surrogateescape").replace(folder, "SANDBOX")
        return result(out, done.returncode == 0)


def archive(folder, files):
    """An archive with these files: name and text; those of bin may be run."""
    for name, text in files.items():
        path = pathlib.Path(folder, "files", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, errors="surrogateescape")
        path.chmod(0o755 if name.startswith("bin/") else 0o644)
    made = pathlib.Path(folder, "files.cpio")
    subprocess.run([ROOT / "tools/mkarchive.py", "-o", made, f"={folder}/files"], check=True)
    return made


class Corpus(unittest.TestCase):
    # Each script runs in a shell of its own, in a directory whose files it may make: /env, emptied.
    DRIVER = """#!/bin/rc
for(f in /corpus/*){
	echo
	echo @@begin $f
	@{rfork Es; cd /env; rc $f a1 'a 2' a3 </dev/null >[2]/dev/null; st=$status; echo; echo @@end $st}
}
"""

    def test_scripts_do_what_they_do_under_9base(self):
        self.assertTrue(os.path.exists(ORACLE), "install the package 9base")
        differences = (ROOT / "tests/unit/rc/differences.txt").read_text().splitlines()
        reasons = {line.split()[0] for line in differences if line and not line.startswith("#")}
        names = sorted(path.stem for path in CORPUS.glob("*.rc") if not FOREIGN.search(path.read_text(errors="replace")))
        self.assertGreater(len(names), 320)
        files = {f"corpus/{name}": script_text(CORPUS / f"{name}.rc") for name in names}
        with tempfile.TemporaryDirectory() as folder:
            # false's status is a number, as where the oracle runs.
            made = archive(folder, files | {"bin/corpus": self.DRIVER, "bin/false": "#!/bin/rc\nexit 1\n"})
            outcome = run("rc /bin/corpus", options=["--initrd", made, "--timeout", 600], timeout=660)
        self.assertEqual(outcome.status, 0, repr(outcome)[-4000:])
        out = outcome.out.decode(errors="surrogateescape")
        runs = re.findall(r"\n@@begin /corpus/(\S+)\n(.*?)\n@@end ?(.*?)\n(?=\n@@begin|$)", out, re.S)
        self.assertEqual([name for name, _, _ in runs], names)
        for name, said, status in runs:
            said = said.replace(f"/corpus/{name}", "SANDBOX/script").replace("/env", "SANDBOX/run")
            wanted = (CORPUS / f"{name}.out").read_text() if name in reasons else oracle_result(name)
            with self.subTest(script=name):
                self.assertEqual(result(said, is_success(status)), wanted)


class Programs(unittest.TestCase):
    def assertSays(self, commands, text, status=0, options=()):
        outcome = run(commands, options=options)
        self.assertEqual((outcome.text, outcome.status), (text, status), repr(outcome))

    def test_commands_of_the_acceptance(self):
        outcome = run("rc -c 'ps | grep rc'", options=["--harts", 4])
        self.assertEqual(outcome.status, 0, repr(outcome))
        self.assertRegex(outcome.text, r"(?m)^eve +\d+ +.* rc$")
        outcome = run("cat /proc/*/status | wc -l; cat /proc/*/status | /bin/grep '^init' | /bin/wc -l & wait")
        self.assertRegex(outcome.text, r"^ *\d+ *\n +1\n$")

    def test_jobs_here_documents_backquotes_and_patterns(self):
        self.assertSays("rc -c 'for(i in 1 2 3) sleep 0 & wait; echo done'", "done\n")
        self.assertSays("rc -c 'x=(a b)\ncat <<! | wc -l\n$x\nb\n!\necho `{echo q w | wc} /bin/e*o'", "      2\n1 2 4 /bin/echo\n")
        self.assertSays("rc -c 'sleep 100 & sleep 1; echo -n kill >/proc/$apid/note; wait $apid; echo $status'", "kill\n")
        self.assertSays("rc -c 'cat <{echo from a pipe} <{echo another}; echo in >{cat >[1=2]}; sleep 1'",
                        "from a pipe\nanother\nin /fd/4\n")

    def test_children_find_variables_and_functions(self):
        self.assertSays("rc -c 'fn f {echo f $1 $#x}; x=`{seq 100}; rc -c ''f a; x=(); rc -c ''''f b'''''''",
                        "f a 100\nf b 0\n")
        # What the kernel's shell defines is its children's, too, and the other way round.
        self.assertSays("fn g {echo g $*}; y=(p q); rc -c 'g $y; z=(1 2 3); /bin/true'; rc -c 'echo $#z'", "g p q\n3\n")

    def test_statuses_and_errors(self):
        self.assertSays("rc -c 'exit bad'; echo $status; rc -c 'true | true'; echo $status.", "bad\n.\n")
        self.assertSays("rc -c 'nosuch; echo $status; ./nosuch'; echo $status",
                        "rc: line 1: nosuch: file does not exist\nfile does not exist\n"
                        "./nosuch: file does not exist: './nosuch'\nfile does not exist: './nosuch'\n")
        self.assertSays("rc -c 'whatis sed >/proc/1/ctl; echo $status; cd /nosuch/x; . /nosuch/y'",
                        "whatis: unknown control message \"/bin/sed\"\nunknown control message \"/bin/sed\"\n"
                        "Can't cd /nosuch/x: file does not exist: '/nosuch'\n"
                        "rc: line 1: /nosuch/y: can't open: file does not exist: '/nosuch'\n", 1)
        self.assertSays("rc /nosuch; echo $status", "rc: /nosuch: file does not exist\nfile does not exist\n")
        self.assertSays("rc -z", "usage: rc [-deiIlpsx] [-c commands] [file [word ...]]\n", 1)
        self.assertSays("rc -ec 'false; echo not'; echo $status; rc -xc 'echo '' a '''", "false\necho ' a '\n a \n")

    def test_commands_from_a_descriptor(self):
        # Commands read on from where the shell stopped.
        self.assertSays("{echo cat; echo word} | rc", "word\n")
        self.assertSays("{echo 'echo $#*'; echo exit x; echo echo not} | rc -i; echo $status", "% 0\n% |x\n")

    def test_profile(self):
        with tempfile.TemporaryDirectory() as folder:
            made = archive(folder, {"usr/me/lib/profile": "fn hello {echo hello}\n",
                                    "usr/you/lib/profile": "exit early\n"})
            self.assertSays("home=/usr/me rc -lc hello; home=/usr/you rc -lc 'echo not'; echo $status; "
                            "home=/nowhere rc -lc 'echo none'", "hello\nearly\nnone\n", options=["--initrd", made])

    def test_notes(self):
        handled = "fn sigint {echo got; exit int}; {sleep 1; echo interrupt >/proc/$pid/note} & while() sleep 1"
        self.assertSays(f"rc -c '{handled}'; echo $status", "got\nint\n")
        self.assertSays("rc -c 'fn sigint {echo got; exit int}; echo interrupt >/proc/$pid/note; echo not'; echo $status",
                        "got\nint\n")
        # Notes that come at any time, also while it makes processes, stop neither the loop nor its last count.
        self.assertSays("rc -c 'fn sigint {n=x}; {for(i in `{seq 40}) echo -n interrupt >/proc/$pid/note} >[2]/dev/null & "
                        "k=(); while(! ~ $#k 30) {k=($k `{echo y}); /bin/cat /dev/null}; echo $n $#k'", "x 30\n")
        self.assertSays("rc -c 'echo -n strange >/proc/$pid/note; echo not'; echo $status", "strange\n")

    def test_scripts_are_run_by_exec(self):
        with tempfile.TemporaryDirectory() as folder:
            made = archive(folder, {"bin/show": "#!/bin/rc\necho $0 $#* $*\nexit $1\n", "bin/noline": "echo hi\n"})
            self.assertSays("time show a 'b c' >[2]/dev/null; rc -c 'show d; echo $status; /bin/noline'",
                            "/bin/show 2 a b c\n/bin/show 1 d\nd\n/bin/noline: exec header invalid: not an ELF file\n", 1,
                            options=["--initrd", made])

    def test_commands_that_print_commands(self):
        outcome = run("sleep 100 & rc -c 'kill sleep; slay sleep; stop sleep; start sleep'; rc -c 'stop sleep | rc; start sleep'",
                      "rc -c 'slay ''.*''; kill'; echo $status; rc -c 'broke; broke eve; slay sleep | rc'; wait; ps")
        pid = re.match(r"echo kill>/proc/(\d+)/note # sleep\n", outcome.text)
        self.assertTrue(pid, repr(outcome))
        lines = [f"echo {what}>/proc/{pid[1]}/{file} # sleep" for what, file in
                 (("kill", "note"), ("kill", "ctl"), ("stop", "ctl"), ("start", "ctl"))]
        self.assertEqual(outcome.text.splitlines()[:6], lines + ["usage: kill name ...", "usage"], repr(outcome))
        self.assertNotRegex(outcome.text, r"(?m)^eve.*sleep$")

    def test_scripts_of_the_archive_in_both_shells(self):
        # The kernel's shell has these built in; by their names in /bin it runs the scripts.
        for shell in ("/bin/{} {}", "rc -c '{} {}'"):
            for what, file in (("kill", "note"), ("slay", "ctl"), ("stop", "ctl"), ("start", "ctl")):
                word = "kill" if what == "slay" else what
                before = "/bin/stop sleep | rc; " if what == "start" else ""
                with self.subTest(shell=shell, what=what):
                    commands = f"sleep 100 & {before}{shell.format(what, 'sleep')}; /bin/slay sleep | rc; wait"
                    self.assertRegex(run(commands).text, rf"^echo {word}>/proc/[0-9]+/{file} # sleep\n$")
            with self.subTest(shell=shell, what="broke"):
                self.assertSays(shell.format("broke", "eve"), "")
                self.assertSays(shell.format("kill", ""), "usage: kill name ...\n", 1)

    def test_the_name_space(self):
        self.assertSays("rc -c 'bind -b /rc/lib /bin; ls -d /bin/processes; ns | grep /rc/lib; unmount /rc/lib /bin; "
                        "ls -d /bin/processes; ls -d /bin/cat'; echo $status",
                        "/bin/processes\nbind -b /rc/lib /bin\nls: /bin/processes: file does not exist: '/bin/processes'\n"
                        "/bin/cat\n\n")
        self.assertSays("rc -c 'bind /rc/lib /n; ls /n; unmount /n; ls /n; ns $pid | grep -c /n'", "/n/processes\n0\n", 1)
        self.assertSays("rc -c 'bind /nosuch /n; echo $status; bind /bin/cat /n; unmount /n; echo $status; bind -q /nosuch /n'",
                        "bind: /nosuch: file does not exist: '/nosuch'\nbind\nbind /bin/cat /n: inconsistent mount\n"
                        "unmount: /n: not mounted\n/n: not mounted\n")

    def test_cmp_of_what_cannot_be_sought_in(self):
        self.assertSays("rc -c 'cmp /bin/cat <{echo hi} 1 1; echo $status; cmp -s /bin/cat <{echo hi} 1 1; echo $status'",
                        "cmp: can't seek in /fd/3: inappropriate use of fd\nseek\nseek\n")

    def test_modes(self):
        self.assertSays("rc -c 'cd /proc/$pid; ls -l note; chmod 600 note; ls -l note; chmod go+r note; ls -l note' | sed 's/ .*//'",
                        "--rw-r-----\n--rw-------\n--rw-r--r--\n")
        self.assertSays("chmod 600 /bin/cat; echo $status", "chmod: can't wstat /bin/cat: permission denied\nerrors\n")

    def test_sizes_of_a_name_space_that_leads_in_circles(self):
        size = -(-(ROOT / "user/archive/rc/lib/processes").stat().st_size // 1024)
        self.assertSays("du /rc; du -a /rc/lib; rc -c 'bind / /n; bind /n /boot; du -sf / >/dev/null; echo $status'",
                        f"{size}\t/rc/lib\n{size}\t/rc\n{size}\t/rc/lib/processes\n{size}\t/rc/lib\n\n")

    def test_what_is_wrong_is_named(self):
        self.assertSays("pstree foo; echo $status", "pstree: foo is no pid\nfoo is no pid\n")
        self.assertSays("pstree 99999", "pstree: no process 99999\n", 1)
        self.assertSays("rc -c 'broke a b'; echo $status", "usage: broke [user]\nusage\n")
        wc = "p=`{ps | sed -n 's/^[^ ]+ +([0-9]+) .* [1-9][0-9]*K .* wc$/\\1/p'}; echo interrupt >/proc/$p/ctl; wait"
        self.assertSays("sleep 3 | /bin/wc & sleep 1; " + wc, "wc: standard input: interrupted\n      0       0       0\n")

    def test_a_process_is_a_line_whatever_it_calls_itself(self):
        self.assertSays("rc -c 'echo -n ''a\nb\tc'' >/proc/$pid/args; /bin/ps -a' | grep -c 'a b c]$'", "1\n")
        self.assertSays("rc -c 'echo -n ''a\nb\tc'' >/proc/$pid/args; pstree' | grep -c 'a b c]$'", "1\n")

    def test_init_is_a_program(self):
        said = run("cat /proc/1/args; /bin/ps", options=["--append", "*init=/bin/init"])
        self.assertEqual(said.status, 0, repr(said))
        self.assertTrue(said.text.startswith("/bin/init"), repr(said))
        if BOARD == "host":
            # Whoever looks finds it made, though the harts take turns on one processor.
            processor = min(os.sched_getaffinity(0))
            for _ in range(25):
                said = run("cat /proc/1/args", options=["--append", "*init=/bin/init", "--harts", 4],
                           preexec_fn=lambda: os.sched_setaffinity(0, {processor}))
                self.assertEqual(said.text, "/bin/init", repr(said))
        orphans = "rc -c 'for(i in `{seq 20}) {sleep 0 &}'; sleep 1; ps | /bin/grep -c sleep"
        self.assertSays(orphans, "0\n", 1, options=["--append", "*init=/bin/init"])
        said = run("echo up; cat /dev/kmesg", options=["--append", "*init=/bin/nosuch"])
        self.assertTrue(said.text.startswith("up\n"), repr(said))
        self.assertIn("init: /bin/nosuch: file does not exist", said.text)


class Console(unittest.TestCase):
    def test_a_session_with_init_and_rc_as_programs(self):
        arguments = ["--board", BOARD, "--append", "*init=/bin/init"]
        if BOARD != "host":
            arguments += ["--preset", PRESET]
        child = pexpect.spawn(str(RUNNER), arguments, timeout=60, encoding="utf-8", dimensions=(24, 80))
        try:
            child.expect(r"\nProcyon [0-9]+\.[0-9]+\.[0-9]+, a kernel of processes; init is a program\.\r")
            child.expect("% $")

            def line(text, answer):
                child.send(text + "\r")
                child.expect(answer.replace("\r\n", "\r+\n"))
                child.expect("% $")

            line("echo $pid `{cat /proc/1/args} `{cat /proc/$pid/ppid}", "\r\n[0-9]+ /bin/init 1\r\n")
            # The line editor: a word rubbed out, the line before again, a name completed.
            line("echo four fvie\x17five", "\r\nfour five\r\n")
            line("\x1b[A", "\r\nfour five\r\n")
            line("cat /proc/1/stat\t\t", "init .*eve ")
            # Ctrl-C ends what runs in the foreground, and only that; and a line that is being typed.
            child.send("sleep 100\r")
            child.expect("sleep 100\r+\n")
            child.send("\x03")
            child.expect("% $")
            # However much of it the shell has read when the note comes.
            for typed in range(26):
                child.send("echo not this"[:typed % 13] + "\x03")
                child.expect("% $")
            # A note to init does not end it; another shell comes when this one goes.
            line("echo interrupt >/proc/1/note; echo hangup >/proc/1/note; echo on", "\r\non\r\n")
            child.send("exit tired\r")
            child.expect("init: the shell ended: .*tired")
            child.expect("% $")
            line("echo interrupt me; cat /proc/1/status", "interrupt me\r\ninit .*eve ")
            child.send("halt\r")
            child.expect(pexpect.EOF)
        finally:
            child.close(force=True)
        self.assertEqual(child.exitstatus, 0)


if __name__ == "__main__":
    unittest.main()
