#!/usr/bin/env python3
"""db and lstk look at programs by /proc: db_test.py BINARY_DIRECTORY ARCHIVE HARTS."""
import os
import re
import sys
import tempfile

try:
    import pexpect
except ImportError:
    raise SystemExit("python3-pexpect is not installed: tools/setup.sh installs it")

import machine

# What db is told, and what is said then, in order; each is a regular expression. PID is a number.
SESSION = [
    ("", r"PID: stopped, at 0x\w+ _start: \w{8}"),
    ("break doubled", None),
    ("continue", r"PID: breakpoint, at 0x\w+ doubled: \w{8}"),
    ("stack", r"pc +0x\w+ doubled\nra +0x\w+ main\+0x\w+\nsp\+0x\w+ +0x\w+ _start\+0x\w+"),
    ("regs", r"pc 0x\w+ doubled: \w+\nra .*\n(.*\n)*.*a0   0{15}1 "),
    ("x counter", r"0x\w+ counter: 0x00000000"),
    ("a0=11", None),  # in place of 1, so the sum is 20 more
    ("sym a0", r"db: no symbol at 0xb"),
    ("fregs", r"ft0  0{16} (.*\n)*fcsr 00"),
    ("t2 = 7", None),
    ("sym t2", "db: no symbol at 0x7"),
    ("set ft0 0x4000000000000000", None),
    ("fregs", r"ft0  40{15}"),
    ("bytes doubled 2", r"0x\w+: 1b 15 "),
    ("string t1", r"^/symbols/debuggee$"),
    ("step", r"PID: step, at 0x\w+ doubled\+0x\w+: 8082"),
    ("next", r"PID: step, at 0x\w+ main\+0x\w+: "),
    ("break", r"break    0x\w+ doubled"),
    ("delete doubled", None),
    ("watch counter", None),
    ("break", r"watch w  0x\w+ counter \(4 bytes\)"),
    ("continue", r"PID: watch counter: 0x0 -> 0x20, at 0x\w+ main\+0x\w+: "),
    ("delete all", None),
    ("break", "nothing stops it"),
    ("break by_reservation", None),
    ("continue", "PID: breakpoint, at 0x\\w+ by_reservation: 100527af"),
    # lr, addiw and sc at once: what comes between would make the sc fail.
    ("step", r"PID: step, at 0x\w+ by_reservation\+0xa: "),
    ("step 2", r"PID: step, at 0x\w+ by_reservation\+0x10: 8082"),
    ("until ra", r"PID: breakpoint, at 0x\w+ main\+0x\w+: "),
    ("sym a0", r"db: no symbol at 0x21"),
    ("continue", r"PID: note alarm, at 0x\w+ (sys_alarm|sys_sleep|main)\+0x\w+: "),
    ("notes", "alarm stopped it"),
    ("addr notes", r"0x\w+ notes, 4 bytes\n0x\w+ notes, \w+ bytes"),
    ("x notes", r"db: notes is at 0x\w+ and at 0x\w+: which\?"),
    ("break in_thread", None),
    ("continue", r"PID: breakpoint, at 0x\w+ in_thread: "),
    ("threads", r" PID 0x\w+ .*\n\*PID 0x\w+ in_thread: "),
    ("maps", r"r-xp .* /symbols/debuggee"),
    ("segments", r"Stack +\w+ +\w+"),
    ("write go_on 0x100000001", None),  # cut to the variable's size
    ("x go_on", r"0x\w+ go_on: 0x00000001"),
    ("write go_on 0", None),
    ("help", r"break .*\n(.*\n)*help "),
    # What is wrong is named, and nothing comes of it.
    ("frobnicate", "db: no command frobnicate: help lists them"),
    ("step 1 2", r"db: usage: step \[count\]"),
    ("break nowhere", "db: no symbol or register nowhere"),
    ("break 0", "db: no instruction at 0x0"),
    ("break 12monkeys", "db: 12monkeys is no number"),
    ("break main+", "db: main\\+: a number, register or symbol is missing"),
    ("break doubled+1", r"db: 0x\w+ is odd: instructions begin at even addresses"),
    ("until doubled+1", r"db: 0x\w+ is odd: instructions begin at even addresses"),
    ("until 0", "db: no instruction at 0x0"),
    ("break =5", "db: no symbol or register '=5'"),
    ("a9=5", "db: no register a9"),
    ("a0 = 1 2", "db: usage: set register value"),
    ("x 0", "db: can't read 0x0: nothing is mapped there"),
    ("x counter 0", "db: 0: 1 to 4096 are possible"),
    ("x counter 1 3", "db: 3: the size is 1, 2, 4 or 8"),
    ("write 8 5", "db: can't write 0x8: nothing is mapped there"),
    ("set a9 5", "db: no register a9"),
    ("set zero 5", "db: zero stays 0"),
    ("watch 0 8", "db: can't watch 0x0: nothing is mapped there"),
    ("watch counter 4 x", "db: x is not r, w or rw"),
    ("delete main", "db: nothing stops it at main"),
    ("threads 1", "db: 1 shares no data with it"),
    ("drop", "db: no note stopped it"),
    ("detach", "debuggee: 41 1\nthe program has ended"),
]

# Commands of the shell, and all that is said.
NO_NAMES = r"only addresses, no names: neither its file nor /bin/\w+\.debug has symbols"
CALLS = r"pc +0x\w+ main\+0x\w+\nsp\+0x\w+ +0x\w+ _start\+0x\w+\n"
OTHERS = [
    # An odd address gets no breakpoint, so the program is none the worse.
    ("{echo break 0x10125; echo until 0x10125; echo b; echo continue} | db /bin/echo hi >[2=1] | sed '1,2d'",
     r"(db: 0x10125 is odd: instructions begin at even addresses\n){2}nothing stops it\nhi\nthe program has ended\n"),
    # Who cannot be looked at.
    ("db", "usage: db .*\n.*\n.*\n"),
    ("db 999", "db: can't attach to 999: no such process\n"),
    ("db 1", "db: can't attach to 1: it runs no program\n"),
    ("db nosuch", "db: can't begin nosuch: file does not exist: '/bin/nosuch'\n"),
    ("lstk", "usage: lstk .*\n.*\n"),
    ("lstk 1 999 x", "lstk: 1: it runs no program\nlstk: 999: no such process\nlstk: x is no pid\n"),
    # Where names come from.
    ("echo kill | db faulty", rf"db: {NO_NAMES}\nPID: stopped, at 0x\w+: \w+\nthe program has ended.*\n"),
    ("echo kill | db /symbols/beside", r"PID: stopped, at 0x\w+ _start: \w+\nthe program has ended.*\n"),
    ("echo kill | db -s /symbols/debuggee debuggee", r"PID: stopped, at 0x\w+ _start: \w+\nthe program has ended.*\n"),
    ("echo kill | db -s /symbols/debuggee faulty",
     r"db: only addresses, no names: /symbols/debuggee: it has symbols of another program\nPID: stopped, at 0x\w+: \w+\nthe .*\n"),
    # The end of input detaches. A trap is met as if nobody had looked, so it is Broken.
    ("echo continue | db faulty >[2=1] | sed 1d", r"PID: stopped, .*\nPID: note 'sys: trap: fault read addr=0x8', at 0x\w+: 4790\n"
     r"faulty PID: suicide: .*\nthe program has ended: faulty PID: sys: trap: .*\n"),
    ("b=(); while(~ $#b 0) b=`{ps | sed -n 's/^[^ ]+ +([0-9]+) .*Broken.*/\\1/p'}; lstk $b; lstk $b >[2]/dev/null | sed 1q",
     r"PID Broken faulty\nlstk: PID: no symbols: neither .*\npc +0x\w+\nra +0x\w+ \?\nsp\+0x8 +0x\w+ \?\nPID Broken faulty\n"),
    ("{echo step; echo kill} | db $b >[2=1] | sed 1d",
     r"PID: Broken, at 0x\w+: 4790\ndb: PID is Broken: look at it, or kill it\nthe program has ended\n"),
    # One that runs: lstk lets it run on, quit leaves it stopped, lstk leaves it so.
    ("debuggee forever & sleep 2; p=$apid; lstk -s /symbols/debuggee $p; grep -c Stopped /proc/$p/status",
     rf"debuggee: waits\nPID (Running|Ready) debuggee forever\n{CALLS}0\n"),
    ("echo quit | db -s /symbols/debuggee $p; lstk -s /symbols/debuggee $p; grep -c Stopped /proc/$p/status",
     rf"PID: stopped, at 0x\w+ main\+0x\w+: \w+\nPID stays stopped\nPID Stopped debuggee forever\n{CALLS}1\n"),
    # Whom others end while it is stopped.
    ("{sleep 1; echo kill >/proc/$p/ctl; while(test -d /proc/$p) sleep 0; echo regs; echo regs} | db -s /symbols/debuggee $p",
     r"PID: stopped, .*\nthe program has ended\n"),
    # One that waits in a call is looked at as it waits; the call is not interrupted.
    ("/bin/sleep 4 & sleep 1; lstk $apid >[2]/dev/null | sed 1q; wait $apid; echo $status", r"PID Sleep /bin/sleep 4\n\n"),
    # The same of one that is stopped there: it makes the call again, and does not notice.
    ("/bin/sleep 2 & sleep 1; {echo regs; echo detach} | db $apid >[2=1] | grep '^[0-9]+: stop|^pc|^a7'; wait $apid; echo $status",
     r"PID: stopped, at 0x\w+: 00000073\n(.*\n)+\n"),
    # Nobody looks at who is private.
    ("debuggee forever & sleep 2; p=$apid; echo private >/proc/$p/ctl; db $p; lstk $p; grep -c Stopped /proc/$p/status; "
     "echo kill >/proc/$p/ctl; wait $apid >[2]/dev/null",
     r"debuggee: waits\ndb: can't attach to PID: permission denied.*\nlstk: PID: can't look at it: permission denied.*\n0\n"),
]


def pattern(text):
    return text.replace("PID", r"\d+")


def parts(text, count):
    """What stands behind each of the marks @0, @1 ... in lines of their own."""
    found = re.split(r"^@(\d+)\n", text, flags=re.M)
    answers = dict(zip(map(int, found[1::2]), found[2::2]))
    return [answers.get(number) for number in range(count)]


def wrong(told, said):
    """Those that were not answered so, whole."""
    return [f"{command}: wanted {wanted}\n  got {answer!r}" for (command, wanted), answer in zip(told, said)
            if answer is None or re.fullmatch(pattern(wanted or ""), answer) is None]


def session(binary_directory, archive, harts):
    """A session at a pipe. Where an answer ends is told by what follows: a mark, which is no command."""
    commands = "\n".join(f"{command}\n'@{number}'" for number, (command, _) in enumerate(SESSION))
    script = f"db /symbols/debuggee >[2=1] <<'EOF'\n{commands}\nEOF\n"
    outcome = run_script(binary_directory, archive, script, harts)
    found = re.split(r"^db: no command '?@(\d+)'?: help lists them\n", outcome.text, flags=re.M)
    said = [text.strip("\n") for text in found[0::2]]
    said += [None] * (len(SESSION) - len(said))
    return [f"{command}: wanted {wanted}\n  got {answer!r}" for (command, wanted), answer in zip(SESSION, said)
            if answer is None or re.search(pattern(wanted or r"\A\Z"), answer) is None], outcome


def run_script(binary_directory, archive, script, harts):
    with tempfile.NamedTemporaryFile("w", suffix=".rc") as file:
        file.write(script)
        file.flush()
        return machine.run(binary_directory, archive, "", harts=harts, options=["--script", file.name])


def others(binary_directory, archive, harts):
    script = "".join(f"echo @{number}\n{{{command}}} >[2=1]\n" for number, (command, _) in enumerate(OTHERS))
    outcome = run_script(binary_directory, archive, script, harts)
    return wrong(OTHERS, parts(outcome.text, len(OTHERS))), outcome


def interrupted(archive, harts):
    """A person at the console stops a program that runs for ever, twice, and ends it."""
    child = pexpect.spawn(str(machine.ROOT / "tools/qemu-run.sh"), ["--harts", str(harts), "--initrd", archive], timeout=60,
                          encoding="utf-8", dimensions=(24, 80))
    try:
        child.expect("% $")
        child.send("db /symbols/debuggee forever\r")
        child.expect("stopped, at 0x\\w+ _start: \\w+\r+\ndb> $")
        for _ in range(2):
            child.send("continue\r")
            child.expect("debuggee: waits|continue\r+\n")
            child.expect(pexpect.TIMEOUT, timeout=1)
            child.send("\x03")
            child.expect("\\d+: stopped, at 0x\\w+ main\\+0x\\w+: \\w+\r+\ndb> $")
        child.send("x coun")
        child.send("\x03")  # gives up the line, not db
        child.expect("db> $")
        child.send("write go_on 1\r")
        child.expect("db> $")
        child.send("continue\r")
        child.expect("the program has ended: debuggee \\d+: interrupted\r+\n")
        child.expect("% $")
        return []
    except (pexpect.TIMEOUT, pexpect.EOF) as failure:
        return [f"at the console: {failure}"]
    finally:
        child.close(force=True)


def main(binary_directory, archive, harts):
    os.environ["PROCYON_BINARY_DIR"] = binary_directory
    failed = False
    for run in (session, others):
        problems, outcome = run(binary_directory, archive, int(harts))
        if problems:
            machine.say("\n".join(problems) + f"\nall that was said, status {outcome.status}:\n{outcome.text}\n{outcome.errors}")
            failed = True
    problems = interrupted(archive, harts)
    if problems:
        machine.say("\n".join(problems))
        failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
