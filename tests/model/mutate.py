#!/usr/bin/env python3
"""Writes a copy of headers in which each fault of a list can be switched on.

mutate.py MUTANTS CLASS SOURCE_FOLDER OUTPUT_FOLDER

CLASS is the template as its functions are defined outside of it: `BasicPidCells<Policy>`. Each entry of MUTANTS names a function, a
text in it that occurs there once (or `nth: 1 of 2`), and what stands there instead while the fault is at work. The function is one of
CLASS, or one defined inside of whatever class the file has; `name(type` tells overloads apart. Where the text ends with a semicolon
it is a statement, else an expression. A text that is not found, or found twice, is an error: the list follows the code.
"""
import pathlib
import re
import sys


def read_mutants(path):
    mutants = []
    for number, entry in enumerate(re.split(r"\n\s*\n", path.read_text().split("\n\n", 1)[1].strip()), 1):
        fields = dict(re.findall(r"^(\w+): +(.*)$", entry, re.M))
        if set(fields) - {"nth"} != {"name", "in", "from", "to", "kill"}:
            sys.exit(f"{path}: cannot read the entry:\n{entry}")
        fields["number"] = number
        fields["file"], fields["function"] = fields["in"].split()
        mutants.append(fields)
    return mutants


def function(text, mutant, of_class):
    """Where the function of a mutant begins and ends in its file; -1 if it is not there."""
    name = mutant["function"] + ("" if "(" in mutant["function"] else "(")
    begin = text.find(f"{of_class}::{name}")
    if begin >= 0:
        return begin, text.find("\ntemplate <class", begin)
    inside = re.search(rf"^    \w[^(\n]* {re.escape(name)}[^;\n]*(\n[^;]*?)?{{\n", text, re.M)
    return (inside.start(), text.find("\n    }\n", inside.end())) if inside else (-1, -1)


def find(text, mutant, of_class):
    """Where the text of a mutant stands in its file."""
    begin, end = function(text, mutant, of_class)
    body = text[begin:end]
    # A line of the list matches across line breaks of the code.
    pattern = r"\s+".join(re.escape(word) for word in mutant["from"].split())
    found = list(re.finditer(pattern, body))
    which, times = map(int, mutant.get("nth", "1 of 1").split(" of "))
    if begin < 0 or len(found) != times:
        sys.exit(f"mutant '{mutant['name']}': '{mutant['from']}' stands {len(found)} times in {mutant['in']}, not {times}")
    here = found[which - 1]
    return begin + here.start(), begin + here.end()


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
            switch = f"::model::planted({m['number']})"
            if m["from"].endswith(";"):
                original = f"{{ if ({switch}) {{ {m['to']} }} else {{ {original} }} }}"
            else:
                original = f"({switch} ? ({m['to']}) : ({original}))"
        out += text[at:first] + original
        at = last
    return out + text[at:end]


def main():
    mutants_path, of_class, source, output = sys.argv[1:]
    mutants = read_mutants(pathlib.Path(mutants_path))
    output = pathlib.Path(output)
    output.mkdir(parents=True, exist_ok=True)
    for path in pathlib.Path(source).glob("*.h"):
        text = path.read_text()
        spans = [(*find(text, m, of_class), m) for m in mutants if m["file"] == path.name]
        text = mutated(text, spans, 0, len(text))
        text = text.replace("#pragma once\n", '#pragma once\n\n#include "tests/model/mutant.h"\n', 1)
        (output / path.name).write_text(text)
    rows = "".join(f'    {{{m["number"]}, "{m["name"]}", "{m["kill"]}"}},\n' for m in mutants)
    (output / "mutants.inc").write_text(rows)


if __name__ == "__main__":
    main()
