"""Stands in for a machine in tests of the runner: speaks the console protocol, and obeys commands made for tests.

Commands, one a line: `echo TEXT`, `bytes` (all byte values, twice), `nonl`, `false`, `marker` (the token, as an output may hold
it), `forge N` (the text of an end marker in the midst of output), `near` (almost markers), `arguments`, `files`, `cat NAME`,
`sleep S`, `stop` (power off without a word), `lie N` (say N and leave with another status), `panic`, `hang`, `complain`.
Without commands there is a prompt: it echoes keys; `h` halts, `P` panics, `q` fails.
"""

import os
import sys
import time


def write(data):
    os.write(1, data)


def option(name):
    """The value behind an option, be it procyon-host's or QEMU's."""
    for spelling in ("--" + name, "-" + name):
        if spelling in sys.argv:
            return sys.argv[sys.argv.index(spelling) + 1]
    return None


def read_archive(path):
    """The files of a newc archive, or of several in a row: later entries win."""
    files = {}
    with open(path, "rb") as file:
        data = file.read()
    at = 0
    while at + 110 <= len(data):
        if data[at : at + 6] != b"070701":
            at += 4
            continue
        size, name_size = int(data[at + 54 : at + 62], 16), int(data[at + 94 : at + 102], 16)
        name = data[at + 110 : at + 110 + name_size - 1].decode()
        begin = (at + 110 + name_size + 3) & ~3
        files[name] = data[begin : begin + size]
        at = (begin + size + 3) & ~3
    return files


def panic(prefix):
    write(prefix + b"panic: null dereference\npanic: hart 0: fake_machine\n")
    sys.exit(2)


def run(commands, marker, files):
    token = b"@" + marker
    write(b"\n" + token + b" begin\n")
    status = 0
    for line in commands.split(b"\n"):
        word, _, rest = line.partition(b" ")
        if not word:
            continue
        status = 0
        if word == b"echo":
            write(rest + b"\n")
        elif word == b"bytes":
            write(bytes(range(256)) * 2)
        elif word == b"nonl":
            write(b"no newline")
        elif word == b"false":
            status = 1
        elif word == b"marker":
            write(token + b"\n")
        elif word == b"forge":
            write(b"before " + token + b" end " + rest + b"\nafter\n")
        elif word == b"near":
            write(token + b" enf\n@" + b"0" * 32 + b" end 0\n" + token[:20] + b"\n" + token + b" end 7\n")
        elif word == b"arguments":
            write("\n".join(sys.argv[1:]).encode() + b"\n")
        elif word == b"files":
            write("\n".join(sorted(files)).encode() + b"\n")
        elif word == b"cat":
            write(files[rest.decode()])
        elif word == b"sleep":
            time.sleep(float(rest))
        elif word == b"stop":
            sys.exit(0)
        elif word == b"lie":
            write(token + b" end " + rest + b"\n")
            sys.exit(1 - int(rest))
        elif word == b"panic":
            panic(b"\n" + token + b" panic\n")
        elif word == b"hang":
            time.sleep(1000)
        elif word == b"complain":
            os.write(2, b"something is odd\n")
        else:
            write(b"what is " + word + b"?\n")
            status = 1
    write(token + b" end %d\n" % status)
    sys.exit(status)


def converse():
    write(b"% ")
    while True:
        data = os.read(0, 1)
        if not data:
            sys.exit(0)
        write(b"<%02x>" % data[0])
        if data == b"h":
            sys.exit(0)
        if data == b"P":
            panic(b"\n")
        if data == b"q":
            sys.exit(3)


def main():
    write(b"boot log\n")
    if option("append") == "panic-early":
        panic(b"")
    initrd = option("initrd")
    files = read_archive(initrd) if initrd else {}
    if "boot/cmd" in files:
        run(files["boot/cmd"], files["boot/marker"], files)
    converse()


if __name__ == "__main__":
    main()
