"""Parts the bytes of a console into boot log, the output of commands, and the text of a panic.

The kernel writes, with MARKER a token that only this run knows:

    boot log   \\n@MARKER begin\\n   output of the commands   @MARKER end N\\n            (N is 0 or 1), or
    boot log   \\n@MARKER begin\\n   output so far            \\n@MARKER panic\\n  panic text

The output may hold any bytes. It may even hold the text of an end marker, since commands can read the token: so what looks
like the end is held back until the console closes, and counts as output after all when another end follows it. A panic
before the marker is known is a line of the boot log that begins with `panic: `.
"""

LOG = "log"
OUTPUT = "output"
PANIC = "panic"


def partial_match(buffer, patterns):
    """How many bytes at the end of buffer could be the beginning of one of the patterns."""
    longest = min(len(buffer), max(map(len, patterns)) - 1)
    for length in range(longest, 0, -1):
        tail = bytes(buffer[-length:])
        if any(pattern.startswith(tail) for pattern in patterns):
            return length
    return 0


def find_first(buffer, patterns, start=0):
    """The first place where one of the patterns stands: (offset, pattern), or None."""
    found = [(offset, pattern) for pattern in patterns if (offset := buffer.find(pattern, start)) >= 0]
    return min(found, default=None)


class MarkerFilter:
    """feed() and finish() return lists of (LOG | OUTPUT | PANIC, bytes), in the order of the console."""

    def __init__(self, marker):
        token = b"@" + marker
        self._begin = token + b" begin\n"
        self._ends = {token + b" end 0\n": 0, token + b" end 1\n": 1}
        self._panic = b"\n" + token + b" panic\n"
        self._early_panic = b"\npanic: "
        self._terminators = [*self._ends, self._panic]
        self._buffer = bytearray()
        self._step = self._read_log
        self._terminator = None  # the one that the held-back bytes begin with
        self._at_start = True
        self.began = False
        self.status = None  # what the end marker says, once finish() has been called
        self.panicked = False

    def feed(self, data):
        self._buffer += data
        parts = []
        while self._step(parts):
            pass
        return parts

    @property
    def holds_newline(self):
        """Is a newline of the output kept back, because a panic marker begins with one?"""
        return self._step == self._read_output and self._buffer == b"\n"

    def flush_newline(self):
        """Lets go of that newline: to be called when the console is quiet."""
        return self._take([], OUTPUT, 1) if self.holds_newline else []

    def finish(self):
        """To be called once, when the console has closed. Nothing is held back any more."""
        parts = []
        if self._step == self._hold:
            self._settle(parts)
        else:
            kind = {self._read_log: LOG, self._read_output: OUTPUT, self._read_panic: PANIC}[self._step]
            self._take(parts, kind, len(self._buffer))
        return parts

    # Each step consumes what it can of the buffer and says whether the next step may find more to do.

    def _read_log(self, parts):
        if self._at_start and self._buffer:
            # A panic line may be the very first of the console.
            if self._early_panic[1:].startswith(self._buffer[: len(self._early_panic) - 1]):
                if len(self._buffer) < len(self._early_panic) - 1:
                    return False
                return self._enter_panic()
            self._at_start = False
        patterns = [self._begin, self._early_panic, self._panic]
        found = find_first(self._buffer, patterns)
        if not found:
            self._take(parts, LOG, len(self._buffer) - partial_match(self._buffer, patterns))
            return False
        offset, pattern = found
        if pattern == self._begin:
            self._take(parts, LOG, offset)
            del self._buffer[: len(pattern)]
            self.began = True
            self._step = self._read_output
            return True
        self._take(parts, LOG, offset + 1)
        if pattern == self._panic:
            del self._buffer[: len(pattern) - 1]
        return self._enter_panic()

    def _read_output(self, parts):
        found = find_first(self._buffer, self._terminators)
        if not found:
            self._take(parts, OUTPUT, len(self._buffer) - partial_match(self._buffer, self._terminators))
            return False
        offset, self._terminator = found
        self._take(parts, OUTPUT, offset)
        self._step = self._hold
        return True

    def _hold(self, parts):
        found = find_first(self._buffer, self._terminators, start=len(self._terminator))
        if not found:
            return False
        offset, terminator = found
        if terminator == self._panic and offset == len(self._terminator) and self._terminator in self._ends:
            return self._settle_end_then_panic()
        self._take(parts, OUTPUT, offset)
        self._terminator = terminator
        return True

    def _read_panic(self, parts):
        self._take(parts, PANIC, len(self._buffer))
        return False

    def _enter_panic(self):
        self.panicked = True
        self._step = self._read_panic
        return True

    def _settle_end_then_panic(self):
        # The commands ended and the machine panicked on its way off: the end marker was a real one.
        del self._buffer[: len(self._terminator) + len(self._panic)]
        return self._enter_panic()

    def _settle(self, parts):
        del self._buffer[: len(self._terminator)]
        if self._terminator == self._panic:
            self.panicked = True
            self._take(parts, PANIC, len(self._buffer))
        else:
            self.status = self._ends[self._terminator]
            self._take(parts, LOG, len(self._buffer))

    def _take(self, parts, kind, count):
        if count:
            parts.append((kind, bytes(self._buffer[:count])))
            del self._buffer[:count]
        return parts
