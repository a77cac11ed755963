#!/usr/bin/env python3
"""Makes the symbol table that is linked into the image, from the functions of a first link without one.

usage: symbols.py NM ELF OUTPUT.S    write the table
       symbols.py NM ELF --check TABLE.S    check that ELF has the functions of TABLE.S at the same places
"""
import os
import re
import subprocess
import sys

BASE = "text_start"


OPERATOR = re.compile(r"operator\s*(\(\)|\[\]|<=>|->\*?|<<=?|>>=?|[<>]=?)")


def short_name(name):
    """The name of a function as a report shows it: without parameters, template arguments, the
    outermost namespace of nearly everything, and what the compiler appended."""
    name = name.replace("(anonymous namespace)::", "")
    # Brackets of operators are not brackets.
    operators = []
    name = OPERATOR.sub(lambda match: operators.append(match[0]) or f"\1{len(operators) - 1}\1", name)
    kept, depth = [], 0
    for c in name:
        if c in "<[":
            depth += 1
        elif c in ">]":
            depth -= 1
        elif c == "(" and depth == 0:
            break
        elif depth == 0:
            kept.append(c)
    name = "".join(kept).strip()
    name = re.sub(r"\{lambda.*", "lambda", name)
    # A return type stands before the name of a function template.
    name = name.rsplit(" ", 1)[-1] if "operator" not in name else name
    name = re.sub("\1(\\d+)\1", lambda match: operators[int(match[1])], name)
    return name.removeprefix("kernel::")[:80]


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
            functions.setdefault(address - base, short_name(name))
    return sorted(functions.items()), end - base


def render(functions, text_size):
    """The table: how many functions, bytes of text, then for each function, by address: half the bytes since the one before
    (two bytes), how many characters its name shares with the name before (one byte), and the rest of it with a NUL.
    Neighbours are mostly of one class, so that this is a third of what names and offsets would take."""
    lines = ['    .section .symbol_table, "a", @progbits', "    .balign 8",
             "    .globl symbol_table", "symbol_table:",
             f"    .word {len(functions)}, {text_size}"]
    last, before = 0, ""
    for address, name in functions:
        step = address - last
        if step % 2 or step // 2 > 0xFFFF:
            sys.exit(f"symbols.py: {name} begins {step} bytes behind the function before it")
        shared = len(os.path.commonprefix([before, name]))
        tail = name[shared:].replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f'    .byte {step // 2 % 256}, {step // 512}, {shared}; .asciz "{tail}"')
        last, before = address, name
    return "\n".join(lines) + "\n"


def write_table(nm, elf, output):
    with open(output, "w") as file:
        file.write(render(*read_functions(nm, elf)))


def check_table(nm, elf, table):
    with open(table) as file:
        if file.read() != render(*read_functions(nm, elf)):
            sys.exit(f"symbols.py: the functions of {elf} moved when the symbol table was filled in")


def main():
    if len(sys.argv) == 4:
        write_table(*sys.argv[1:])
    elif len(sys.argv) == 5 and sys.argv[3] == "--check":
        check_table(sys.argv[1], sys.argv[2], sys.argv[4])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
