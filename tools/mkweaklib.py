#!/usr/bin/env python3
"""Makes an archive of objects for the linker, in which what they define is weak.

usage: mkweaklib.py PREFIX LIBRARY OBJECT...

A program may then have functions of the same names, which take the place of the library's. What an
object takes from others stays as it is: a weak reference would bring nothing out of an archive.
"""
import pathlib
import subprocess
import sys
import tempfile


def defined(prefix, source):
    """The names of the global symbols that `source` defines."""
    listing = subprocess.run([prefix + "nm", "--extern-only", "--defined-only", "--portability", source],
                             check=True, capture_output=True, text=True).stdout
    return [line.split()[0] for line in listing.splitlines()]


def main():
    prefix, library, *objects = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        weak = []
        for source in objects:
            target = pathlib.Path(folder, pathlib.Path(source).name)
            options = [f"--weaken-symbol={name}" for name in defined(prefix, source) if name != "_start"]
            subprocess.run([prefix + "objcopy", *options, source, target], check=True)
            weak.append(target)
        pathlib.Path(library).unlink(missing_ok=True)
        subprocess.run([prefix + "ar", "rcsD", library, *weak], check=True)


if __name__ == "__main__":
    main()
