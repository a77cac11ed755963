#!/usr/bin/env python3
"""Writes a copy of the interpreter in which each fault of mutants.txt can be switched on.

mutate.py MUTANTS SOURCE_FOLDER OUTPUT_FOLDER

Each entry of MUTANTS names a file, a text that occurs there once, and what stands there instead while the fault is at work. Where
the text ends with a semicolon it is a statement, else an expression. A text that is not found, or found twice, is an error: the
list follows the code.
"""
import pathlib
import re
import sys

FIELDS = {"name", "in", "from", "to", "kill"}
FINDERS = {"unit", "programs", "encodings"}


def read_mutants(path):
    mutants = []
    for number, entry in enumerate(re.split(r"\n\s*\n", path.read_text().split("\n\n", 1)[1].strip()), 1):
        mutant = dict(re.findall(r"^(\w+): +(.*)$", entry, re.M))
        if set(mutant) != FIELDS or not set(mutant["kill"].split()) <= FINDERS:
            sys.exit(f"{path}: cannot read the entry:\n{entry}")
        mutant["number"] = number
        mutants.append(mutant)
    return mutants


def mutated(text, mutants):
    """`text` with a switch at each of its mutants' places."""
    spans = []
    for mutant in mutants:
        # A line of the list matches across line breaks of the code.
        pattern = r"\s+".join(re.escape(word) for word in mutant["from"].split())
        found = list(re.finditer(pattern, text))
        if len(found) != 1:
            sys.exit(f"mutant '{mutant['name']}': '{mutant['from']}' stands {len(found)} times in {mutant['in']}, not once")
        spans.append((found[0].start(), found[0].end(), mutant))
    for start, end, mutant in sorted(spans, key=lambda span: span[0], reverse=True):
        switch = f"::interpreter_tests::planted({mutant['number']})"
        original = text[start:end]
        if original.endswith(";"):
            changed = f"{{ if ({switch}) {{ {mutant['to']} }} else {{ {original} }} }}"
        else:
            changed = f"({switch} ? ({mutant['to']}) : ({original}))"
        text = text[:start] + changed + text[end:]
    return text


def main():
    mutants_path, source, output = map(pathlib.Path, sys.argv[1:])
    mutants = read_mutants(mutants_path)
    folder = output / "tests/host/interpreter"
    folder.mkdir(parents=True, exist_ok=True)
    files = [path for path in sorted(source.iterdir()) if path.suffix in (".h", ".cc")]
    for mutant in mutants:
        if mutant["in"] not in [path.name for path in files]:
            sys.exit(f"mutant '{mutant['name']}': there is no {mutant['in']}")
    for path in files:
        text = mutated(path.read_text(), [m for m in mutants if m["in"] == path.name])
        # After the sentence that says what the file is, and before anything that may be mutated.
        text = '#include "tests/interpreter/mutant.h"\n' + text if path.suffix == ".cc" else text.replace(
            "#pragma once\n", '#pragma once\n\n#include "tests/interpreter/mutant.h"\n', 1)
        (folder / path.name).write_text(text)
    rows = "".join(f'    {{{m["number"]}, "{m["name"]}", "{m["kill"]}"}},\n' for m in mutants)
    (output / "mutants.inc").write_text(rows)


if __name__ == "__main__":
    main()
