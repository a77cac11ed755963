"""Runs one machine and stands between its console and the user: the second half of tools/qemu-run.sh.

With --marker it is a command session: standard output gets exactly what the commands printed, the rest of the console goes
to standard error or the log, and the exit status is 0 or 1 as the last command said, 2 after a kernel panic. Without it the
console is interactive. Either way nothing stays behind: no machine, no working directory, no altered terminal.
"""

import argparse
import fcntl
import os
import select
import shutil
import signal
import subprocess
import sys
import termios

from marker_filter import LOG, OUTPUT, PANIC, MarkerFilter

STATUS_PANIC = 2
STATUS_TIMEOUT = 124
STATUS_OWN_FAILURE = 125

# A newline is kept back this long in case it begins a panic marker; longer than a busy host takes to write the rest.
QUIET_SECONDS = 0.05
# What a machine that was told to end gets before it is killed: enough to finish a recording.
GRACE_SECONDS = 5
CTRL_A = 0x01


class Interruption(Exception):
    """The session must end now: a signal to pass on, or the time is up (SIGALRM)."""

    def __init__(self, signum):
        super().__init__(signum)
        self.signum = signum


class Interruptions:
    """Turns signals into an Interruption where one may be raised, and remembers them where not."""

    SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGALRM)

    def __init__(self):
        self._armed = False
        self._pending = None
        for signum in self.SIGNALS:
            if signum == signal.SIGHUP and signal.getsignal(signum) == signal.SIG_IGN:
                continue  # started by nohup: the terminal may go
            signal.signal(signum, self._arrived)

    def __enter__(self):
        self._armed = True
        if self._pending:
            self._armed = False
            raise Interruption(self._pending)

    def __exit__(self, *unused):
        self._armed = False

    def _arrived(self, signum, _frame):
        self._pending = self._pending or signum
        if self._armed:
            self._armed = False
            raise Interruption(signum)


class Terminal:
    """The state of the terminal and of the standard descriptors, which QEMU changes, to be put back at the end."""

    def __init__(self):
        self._flags = {fd: fcntl.fcntl(fd, fcntl.F_GETFL) for fd in (0, 1, 2)}
        self._attributes = termios.tcgetattr(0) if os.isatty(0) else None

    def make_raw(self):
        """Every key goes to the machine, Ctrl-C too; output is left as it is."""
        if not self._attributes:
            return
        raw = [list(field) if isinstance(field, list) else field for field in self._attributes]
        raw[0] &= ~(termios.IGNBRK | termios.BRKINT | termios.PARMRK | termios.ISTRIP | termios.INLCR | termios.IGNCR
                    | termios.ICRNL | termios.IXON)
        raw[3] &= ~(termios.ECHO | termios.ECHONL | termios.ICANON | termios.IEXTEN | termios.ISIG)
        raw[6][termios.VMIN], raw[6][termios.VTIME] = 1, 0
        termios.tcsetattr(0, termios.TCSAFLUSH, raw)

    def restore(self):
        for fd, flags in self._flags.items():
            fcntl.fcntl(fd, fcntl.F_SETFL, flags)
        if self._attributes:
            # A session put into the background may still set its terminal right.
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            try:
                termios.tcsetattr(0, termios.TCSADRAIN, self._attributes)
            except termios.error:
                pass  # the terminal is gone: nobody is left to see its state


def write_all(fd, data):
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(fd, view):]
        except BlockingIOError:
            select.select([], [fd], [])


def say(text):
    write_all(2, f"qemu-run.sh: {text}\n".encode(errors="surrogateescape"))


class CommandSession:
    """The console of a machine that runs commands and powers off."""

    def __init__(self, marker, log_fd):
        self._filter = MarkerFilter(marker)
        self._log_fd = log_fd
        self._complaint = b""  # the last thing the machine's own process said on its standard error

    def start(self, argv):
        # A session of its own, so that the terminal's Ctrl-C reaches only us and we end the machine in order.
        return subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                start_new_session=True)

    def converse(self, machine):
        console, errors = machine.stdout.fileno(), machine.stderr.fileno()
        open_fds = {console, errors}
        while open_fds:
            wait = QUIET_SECONDS if self._filter.holds_newline else None
            ready = select.select(list(open_fds), [], [], wait)[0]
            if not ready:
                self._deliver(self._filter.flush_newline())
            for fd in ready:
                data = os.read(fd, 65536)
                if not data:
                    open_fds.remove(fd)
                elif fd == console:
                    self._deliver(self._filter.feed(data))
                else:
                    self._complaint = (self._complaint + data)[-1000:]
                    write_all(self._log_fd, data)

    def finish(self):
        """Delivers what was held back; to be called however the session ended."""
        self._deliver(self._filter.finish())

    @property
    def panicked(self):
        return self._filter.panicked

    def status(self, machine_status):
        """The exit status, when the machine ended by itself."""
        said = self._filter.status
        if self.panicked:
            return STATUS_PANIC
        if said is not None and said == machine_status:
            return said
        if said is not None:
            say(f"the commands ended with status {said}, but the machine with status {machine_status}")
        else:
            when = "before the commands ended" if self._filter.began else "before the commands began"
            lines = self._complaint.decode(errors="replace").strip().splitlines()
            why = f": {lines[-1]}" if lines and machine_status != 0 else ""
            say(f"the machine stopped {when}, with status {machine_status}{why}")
        return STATUS_OWN_FAILURE

    def timeout_text(self):
        if self._filter.status is not None:
            return "the commands ended, but the machine did not power off"
        return "the commands did not end" if self._filter.began else "the commands did not begin"

    def _deliver(self, parts):
        for kind, data in parts:
            if kind == OUTPUT:
                write_all(1, data)
            elif kind == LOG:
                write_all(self._log_fd, data)
            elif kind == PANIC:
                write_all(2, data)
                if self._log_fd != 2:
                    write_all(self._log_fd, data)


class KeyReader:
    """Watches the keys on their way to the machine for Ctrl-a x. Ctrl-a itself is passed on: the line editor wants it."""

    def __init__(self):
        self._escaped = False
        self.leaves = False

    def read(self, data):
        """Returns what the machine is to get of data."""
        for index, key in enumerate(data):
            if self._escaped and key in b"xX":
                self.leaves = True
                return data[:index]
            # A second Ctrl-a takes back the meaning of the first, so that an x can be typed behind it.
            self._escaped = not self._escaped and key == CTRL_A
        return data


class InteractiveSession:
    """A machine whose console is the user's terminal."""

    panicked = False

    def __init__(self, terminal, log_fd):
        self._keys = KeyReader() if os.isatty(0) else None
        self._terminal = terminal
        self._log_fd = log_fd if log_fd != 2 else None

    def start(self, argv):
        if self._keys:
            self._terminal.make_raw()
        # The machine has no terminal: keys come through us, Ctrl-C is a key, and signals are for us alone.
        return subprocess.Popen(argv, stdin=subprocess.PIPE if self._keys else None, start_new_session=True,
                                stdout=subprocess.PIPE if self._log_fd is not None else None)

    def converse(self, machine):
        ended = os.pidfd_open(machine.pid)
        console = machine.stdout.fileno() if machine.stdout else ended
        sources = [console, 0] if self._keys else [console]
        while not (self._keys and self._keys.leaves):
            ready = select.select(sources, [], [])[0]
            if 0 in ready and not self._pass_keys(machine):
                sources.remove(0)
            if console not in ready:
                continue
            data = os.read(console, 65536) if machine.stdout else b""
            if not data:
                machine.wait()
                return
            write_all(1, data)
            write_all(self._log_fd, data)
        stop(machine)

    def finish(self):
        pass

    def status(self, machine_status):
        if machine_status == 0 or (self._keys and self._keys.leaves):
            return 0
        if machine_status == STATUS_PANIC:
            self.panicked = True
            return STATUS_PANIC
        say(f"the machine ended with status {machine_status}")
        return STATUS_OWN_FAILURE

    def timeout_text(self):
        return "the machine still ran"

    def _pass_keys(self, machine):
        """Returns false when no more keys will come."""
        data = os.read(0, 65536)
        try:
            write_all(machine.stdin.fileno(), self._keys.read(data))
        except BrokenPipeError:
            return False  # the machine is ending; its end is what the loop waits for
        return bool(data)


def stop(machine):
    """Ends the machine if it still runs."""
    if machine.poll() is not None:
        return
    machine.terminate()
    try:
        machine.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        machine.kill()
        machine.wait()


def machine_status(returncode):
    """A status as a shell would show it."""
    return returncode if returncode >= 0 else 128 - returncode


def run(options, session, interruptions):
    """Returns (exit status, signal to die of or None)."""
    try:
        machine = session.start(options.argv)
    except OSError as error:
        say(f"cannot start {options.argv[0]}: {error.strerror}")
        return STATUS_OWN_FAILURE, None
    signum = None
    try:
        if options.timeout:
            signal.setitimer(signal.ITIMER_REAL, options.timeout)
        with interruptions:
            session.converse(machine)
        machine.wait()
    except Interruption as interruption:
        signum = interruption.signum
    except BrokenPipeError:
        signum = signal.SIGPIPE
    signal.setitimer(signal.ITIMER_REAL, 0)
    stop(machine)
    try:
        session.finish()
    except BrokenPipeError:
        signum = signum or signal.SIGPIPE
    if signum is None or session.panicked:
        return session.status(machine_status(machine.returncode)), None
    if signum == signal.SIGALRM:
        say(f"timed out after {options.timeout:g} s: {session.timeout_text()}")
        return STATUS_TIMEOUT, None
    return None, signum


def parse_arguments():
    parser = argparse.ArgumentParser(description="Runs one machine for tools/qemu-run.sh.")
    parser.add_argument("--marker", help="run commands whose output stands between markers with this token")
    parser.add_argument("--timeout", type=float, default=0, help="seconds the machine may run; 0 is for ever")
    parser.add_argument("--log", help="append to this file what is not output of commands")
    parser.add_argument("--work", help="a directory to remove at the end")
    parser.add_argument("--replay-hint", help="the command to show after a panic")
    parser.add_argument("argv", nargs="+", help="the machine")
    return parser.parse_args()


def main():
    options = parse_arguments()
    interruptions = Interruptions()
    terminal = Terminal()
    try:
        log_fd = os.open(options.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666) if options.log else 2
        if options.marker:
            session = CommandSession(options.marker.encode(), log_fd)
        else:
            session = InteractiveSession(terminal, log_fd)
        status, signum = run(options, session, interruptions)
    finally:
        terminal.restore()
        if options.work:
            shutil.rmtree(options.work, ignore_errors=True)
    if status == STATUS_PANIC and options.replay_hint:
        say(f"the kernel panicked; to look at it again and go backwards: {options.replay_hint}")
    if signum is not None:
        signal.signal(signum, signal.SIG_DFL)
        os.kill(os.getpid(), signum)
    sys.exit(status)


if __name__ == "__main__":
    main()
