#!/usr/bin/env python3
"""Makes the archives that Procyon reads as its root: cpio newc, deterministic, executables page-aligned.

What the archives promise to their reader:
  * Entries are sorted by path, a directory before what it holds; parent directories are always there.
  * The data of an ELF file begins at a multiple of 4096 bytes, so that its segments can be mapped where they lie. Space
    is made by padding entries: regular files named `.pad` with no permissions, holding zeros. A reader skips them.
  * The whole archive is a multiple of 4096 bytes, so archives may be concatenated and stay aligned; later entries win.
  * The same input gives the same bytes: owner 0, inode numbers counted, times from SOURCE_DATE_EPOCH or the commit.
"""

import argparse
import os
import stat
import sys

PAGE = 4096
PAD_NAME = ".pad"
TRAILER_NAME = "TRAILER!!!"
MAGIC = b"070701"
HEADER_BYTES = len(MAGIC) + 13 * 8
FIELD_MAX = 0xFFFFFFFF


class ArchiveError(Exception):
    """What is wrong with the input, as one sentence."""


def commit_time():
    """Seconds since 1970 of the build's identity: SOURCE_DATE_EPOCH, else the commit's date, else 0."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given is not None:
        if not given.isdigit():
            raise ArchiveError(f"SOURCE_DATE_EPOCH is not a number of seconds: '{given}'")
        return int(given)
    import subprocess  # costs more than the rest of a small archive, so only when needed

    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    try:
        answer = subprocess.run(["git", "-C", root, "log", "-1", "--format=%ct"], capture_output=True, check=False)
    except OSError:
        return 0
    text = answer.stdout.strip()
    return int(text) if text.isdigit() else 0


def align(offset, step):
    return -(-offset // step) * step


def data_offset(header_offset, name):
    """Where the data of an entry begins whose header is at header_offset."""
    return align(header_offset + HEADER_BYTES + len(name) + 1, 4)


class Archive:
    """Files and directories by name, written out as one newc archive."""

    def __init__(self, mtime=0):
        if not 0 <= mtime <= FIELD_MAX:
            raise ArchiveError(f"the time {mtime} does not fit into a cpio header")
        self._mtime = mtime
        self._entries = {}  # tuple of path elements (bytes) -> (mode, data)

    def add_file(self, name, data, executable=False):
        if len(data) > FIELD_MAX:
            raise ArchiveError(f"'{name}' is too large for a cpio archive")
        self._add(name, stat.S_IFREG | (0o755 if executable else 0o644), data)

    def add_directory(self, name):
        self._add(name, stat.S_IFDIR | 0o755, b"")

    def add_path(self, name, path):
        """Adds the file at path, or the directory and all it holds, as name."""
        if os.path.isdir(path):
            if name.strip("/"):
                self.add_directory(name)
            for child in sorted(os.listdir(path)):
                child_path = os.path.join(path, child)
                if os.path.islink(child_path) and os.path.isdir(child_path):
                    raise ArchiveError(f"'{child_path}' is a symbolic link to a directory, which the archive cannot hold")
                self.add_path(f"{name}/{child}", child_path)
            return
        try:
            mode = os.stat(path).st_mode
            if not stat.S_ISREG(mode):
                raise ArchiveError(f"'{path}' is neither a file nor a directory")
            with open(path, "rb") as file:
                self.add_file(name, file.read(), executable=bool(mode & 0o111))
        except OSError as error:
            raise ArchiveError(f"cannot read '{path}': {error.strerror}") from None

    def to_bytes(self):
        out = bytearray()
        inode = 0
        for elements in sorted(self._entries):
            mode, data = self._entries[elements]
            name = b"/".join(elements)
            if data.startswith(b"\x7fELF"):
                inode += self._append_padding(out, name, inode + 1)
            inode += 1
            self._append(out, name, mode, data, inode)
        self._append(out, TRAILER_NAME.encode(), 0, b"", 0)
        out.extend(bytes(align(len(out), PAGE) - len(out)))
        return bytes(out)

    def _add(self, name, mode, data):
        elements = tuple(os.fsencode(name).strip(b"/").split(b"/"))
        if any(element in (b"", b".", b"..") or b"\0" in element for element in elements):
            raise ArchiveError(f"'{name}' is no name for an archive entry")
        if elements in ((PAD_NAME.encode(),), (TRAILER_NAME.encode(),)):
            raise ArchiveError(f"the name '{name}' has its own meaning in an archive")
        for depth in range(1, len(elements)):
            parent = self._entries.setdefault(elements[:depth], (stat.S_IFDIR | 0o755, b""))
            if not stat.S_ISDIR(parent[0]):
                raise ArchiveError(f"'{name}' lies beneath a file")
        known = self._entries.get(elements)
        if known and stat.S_ISDIR(known[0]) != stat.S_ISDIR(mode):
            raise ArchiveError(f"'{name}' is both a file and a directory")
        self._entries[elements] = (mode, data)

    def _append_padding(self, out, name, inode):
        """Makes the data of an entry called name, appended next, page-aligned. Returns the number of entries added."""
        pad_name = PAD_NAME.encode()
        if data_offset(len(out), name) % PAGE == 0:
            return 0
        # The padding entry ends where the header must begin: at this offset or a page later.
        needed = data_offset(0, name)
        begin = data_offset(len(out), pad_name)
        end = align(begin + needed, PAGE) - needed
        self._append(out, pad_name, stat.S_IFREG, bytes(end - begin), inode)
        return 1

    def _append(self, out, name, mode, data, inode):
        links = 2 if stat.S_ISDIR(mode) else 1
        fields = [inode, mode, 0, 0, links, self._mtime, len(data), 0, 0, 0, 0, len(name) + 1, 0]
        out.extend(MAGIC + b"".join(b"%08X" % field for field in fields) + name + b"\0")
        out.extend(bytes(align(len(out), 4) - len(out)))
        out.extend(data)
        out.extend(bytes(align(len(out), 4) - len(out)))


def parse_arguments():
    parser = argparse.ArgumentParser(
        description="Makes a cpio newc archive for Procyon: deterministic, executables page-aligned.",
        epilog="An entry is NAME=PATH (a file, or a directory with all it holds; - is stdin), =DIRECTORY (what it holds, at the "
        "top), or NAME/ (an empty directory). "
        "Of two entries with one name the later wins.",
    )
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="the archive to write (- is stdout)")
    parser.add_argument("--append", action="append", default=[], metavar="ARCHIVE",
                        help="put this archive, as it is, behind the new one (its entries win); may be repeated")
    parser.add_argument("entry", nargs="*", help="what goes into the archive")
    return parser.parse_args()


def build(entries, appended):
    archive = Archive(commit_time())
    for entry in entries:
        name, separator, path = entry.partition("=")
        if not separator and name.endswith("/"):
            archive.add_directory(name)
        elif not separator:
            raise ArchiveError(f"'{entry}' is neither NAME=PATH nor NAME/")
        elif path == "-":
            archive.add_file(name, sys.stdin.buffer.read())
        else:
            archive.add_path(name, path)
    out = archive.to_bytes()
    for path in appended:
        with open(path, "rb") as file:
            out += file.read()
        out += bytes(align(len(out), PAGE) - len(out))
    return out


def main():
    arguments = parse_arguments()
    try:
        out = build(arguments.entry, arguments.append)
        if arguments.output == "-":
            sys.stdout.buffer.write(out)
        else:
            with open(arguments.output, "wb") as file:
                file.write(out)
    except ArchiveError as error:
        sys.exit(f"mkarchive.py: {error}")
    except OSError as error:
        sys.exit(f"mkarchive.py: '{error.filename}': {error.strerror}")


if __name__ == "__main__":
    main()
