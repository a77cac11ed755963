#!/usr/bin/env python3
"""Makes the symbol table that is linked into the image, from the functions of a first link without one.

usage: symbols.py NM ELF OUTPUT.S    write the table
       symbols.py NM ELF --check TABLE.S    check that ELF has the functions of TABLE.S at the same places
"""
import re
import subprocess
import sys

BASE = "text_start"


def strip_parameters(name):
    """Cuts the parameter list and what follows off a demangled name; keeps operator() and lambdas readable."""
    name = name.replace("(anonymous namespace)::", "").replace("operator()", "operator\0")
    depth = 0
    for i, c in enumerate(name):
        if c == "<" and not name[:i].endswith("operator"):
            depth += 1
        elif c == ">" and not name[:i].endswith(("operator", "operator-", "operator=")):
            depth -= 1
        elif c == "(" and depth == 0:
            name = name[:i]
            break
    name = re.sub(r"\{lambda.*", "lambda", name)
    # Of a template's name its arguments are rarely worth their bytes.
    while len(name) > 80 and "<" in name:
        shorter = re.sub(r"<[^<>]*>", "", name)
        if shorter == name:
            break
        name = shorter
    # A return type stands before the name of a function template.
    head = name.split("<")[0]
    if " " in head and "operator" not in head:
        name = name[head.rindex(" ") + 1:]
    return name.replace("operator\0", "operator()")[:100]


def read_functions(nm, elf):
    """Functions by address: [(offset from text_start, name)], sorted; one name per address."""
    text = subprocess.run([nm, "-C", "-n", elf], check=True, capture_output=True, text=True).stdout
    rows = []
    base = end = None
    for line in text.splitlines():
        match = re.match(r"([0-9a-f]{16}) (\S) (.*)", line)
        if not match:
            continue
        address, kind, name = int(match[1], 16), match[2], match[3]
        if name == BASE:
            base = address
        elif name == "text_end":
            end = address
        elif kind in "tTwW" and not name.startswith((".L", "$")):
            rows.append((address, name))
    if base is None or end is None:
        sys.exit(f"symbols.py: {elf} has no {BASE} or no text_end")
    functions = {}
    for address, name in rows:
        if base <= address < end:
            functions.setdefault(address - base, strip_parameters(name))
    return sorted(functions.items()), end - base


def render(functions, text_size):
    names, offsets, blob = {}, [], []
    size = 0
    for _, name in functions:
        if name not in names:
            names[name] = size
            blob.append(name)
            size += len(name.encode()) + 1
        offsets.append(names[name])
    lines = ['    .section .symbol_table, "a", @progbits', "    .balign 8",
             "    .globl symbol_table", "symbol_table:",
             f"    .word {len(functions)}, {text_size}"]
    for (address, _), offset in zip(functions, offsets):
        lines.append(f"    .word {address}, {offset}")
    for name in blob:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f'    .asciz "{escaped}"')
    return "\n".join(lines) + "\n"


def main():
    if len(sys.argv) == 4:
        nm, elf, output = sys.argv[1:]
        functions, text_size = read_functions(nm, elf)
        with open(output, "w") as file:
            file.write(render(functions, text_size))
    elif len(sys.argv) == 5 and sys.argv[3] == "--check":
        nm, elf, _, table = sys.argv[1:]
        with open(table) as file:
            if file.read() != render(*read_functions(nm, elf)):
                sys.exit(f"symbols.py: the functions of {elf} moved when the symbol table was filled in")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
