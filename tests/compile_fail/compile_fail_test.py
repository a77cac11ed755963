#!/usr/bin/env python3
"""Checks that a source does not compile for the reason it gives, and that its twin does.

usage: compile_fail_test.py BINARY_DIR CASE.cc

A case is C++ with marks at the ends of lines. Lines marked `// WRONG` are only in the source that must fail, lines marked
`// RIGHT` only in its twin. A line `// fails: REGEX` says what the compiler must say, about a marked line; there is one for each
WRONG line. `// compiler: clang` says that only clang can tell.
"""
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile


def compiler(binary_dir):
    """The command that compiles kernel/base here, without its input and output."""
    for entry in json.loads((binary_dir / "compile_commands.json").read_text()):
        if entry["file"].endswith("/kernel/base/error.cc") and "threads" in entry["command"]:
            words = shlex.split(entry["command"])
            if os.path.basename(words[0]) == "ccache":
                words = words[1:]
            return words[: words.index("-o")] + ["-fsyntax-only"]
    sys.exit("no command for kernel/base/error.cc in compile_commands.json")


def variant(lines, without):
    """The source with the lines of one mark emptied, so that numbers of lines stay."""
    return "".join("\n" if line.rstrip().endswith(f"// {without}") else line for line in lines)


def run_compiler(command, source):
    with tempfile.NamedTemporaryFile("w", suffix=".cc") as file:
        file.write(source)
        file.flush()
        run = subprocess.run([*command, file.name], capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
        return run.returncode, run.stderr.replace(file.name, "case.cc")


def main():
    binary_dir, case = map(pathlib.Path, sys.argv[1:])
    lines = case.read_text().splitlines(keepends=True)
    command = compiler(binary_dir)
    reasons = [line.partition("// fails: ")[2].strip() for line in lines if line.startswith("// fails: ")]
    wrong = [number for number, line in enumerate(lines, 1) if line.rstrip().endswith("// WRONG")]
    if not reasons or len(reasons) != len(wrong):
        sys.exit(f"{len(wrong)} WRONG lines, {len(reasons)} reasons")

    status, said = run_compiler(command, variant(lines, "WRONG"))
    if status != 0:
        sys.exit(f"the twin that is right does not compile:\n{said}")
    status, said = run_compiler(command, variant(lines, "RIGHT"))
    print(said)
    if status == 0:
        sys.exit("it compiles")
    for number, reason in zip(wrong, reasons):
        # The line itself is blamed, or the error is inside of a header that it made the compiler look into.
        if f"case.cc:{number}:" not in said:
            sys.exit(f"line {number} is not blamed")
        if not re.search(reason, said):
            sys.exit(f"'{reason}' is not what the compiler says")


if __name__ == "__main__":
    main()
