#!/usr/bin/env python3
"""Writes a copy of the Pid hash in which each fault of mutants.txt can be switched on.

mutate.py MUTANTS SOURCE_FOLDER OUTPUT_FOLDER

Each entry of MUTANTS names a function, a text in it that occurs there once, and what stands there instead while the fault is at
work. Where the text ends with a semicolon it is a statement, else an expression. A text that is not found, or found twice, is an
error: the list follows the code.
"""
import pathlib
import re
import sys


def read_mutants(path):
    mutants = []
    for number, entry in enumerate(re.split(r"\n\s*\n", path.read_text().split("\n\n", 1)[1].strip()), 1):
        fields = dict(re.findall(r"^(\w+): +(.*)$", entry, re.M))
        if set(fields) != {"name", "in", "from", "to", "kill"}:
            sys.exit(f"{path}: cannot read the entry:\n{entry}")
        fields["number"] = number
        fields["file"], fields["function"] = fields["in"].split()
        mutants.append(fields)
    return mutants


def find(text, mutant):
    """Where the text of a mutant stands in its file."""
    begin = text.find(f"BasicPidCells<Policy>::{mutant['function']}(")
    end = text.find("\ntemplate <class Policy>", begin)
    body = text[begin:end]
    # A line of the list matches across line breaks of the code.
    pattern = r"\s+".join(re.escape(word) for word in mutant["from"].split())
    found = list(re.finditer(pattern, body))
    if begin < 0 or len(found) != 1:
        sys.exit(f"mutant '{mutant['name']}': '{mutant['from']}' stands {len(found)} times in {mutant['in']}, not once")
    return begin + found[0].start(), begin + found[0].end()


def mutated(text, spans, begin, end):
    """The text from begin to end with all spans in it replaced; spans may nest."""
    out = ""
    at = begin
    while spans:
        first = min(start for start, _, _ in spans)
        last = max(stop for start, stop, _ in spans if start == first)
        here = [m for start, stop, m in spans if (start, stop) == (first, last)]
        inner = [s for s in spans if first <= s[0] and s[1] <= last and (s[0], s[1]) != (first, last)]
        spans = [s for s in spans if not (first <= s[0] and s[1] <= last)]
        if any(start < last for start, _, _ in spans):
            sys.exit(f"mutant '{here[0]['name']}' overlaps another one")
        original = mutated(text, inner, first, last)
        for m in here:
            switch = f"::model::pid::mutant == {m['number']}"
            if m["from"].endswith(";"):
                original = f"{{ if ({switch}) {{ {m['to']} }} else {{ {original} }} }}"
            else:
                original = f"({switch} ? ({m['to']}) : ({original}))"
        out += text[at:first] + original
        at = last
    return out + text[at:end]


def main():
    mutants_path, source, output = map(pathlib.Path, sys.argv[1:])
    mutants = read_mutants(mutants_path)
    (output / "pid").mkdir(parents=True, exist_ok=True)
    for path in source.glob("*.h"):
        text = path.read_text()
        spans = [(*find(text, m), m) for m in mutants if m["file"] == path.name]
        text = mutated(text, spans, 0, len(text))
        text = text.replace("#pragma once\n", '#pragma once\n\n#include "tests/model/pid/mutant.h"\n', 1)
        (output / "pid" / path.name).write_text(text)
    rows = "".join(f'    {{{m["number"]}, "{m["name"]}", "{m["kill"]}"}},\n' for m in mutants)
    (output / "mutants.inc").write_text(rows)


if __name__ == "__main__":
    main()
