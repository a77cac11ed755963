#!/usr/bin/env python3
"""Makes the symbol table that is linked into the image, from the functions of a first link without one.

usage: symbols.py NM ELF OUTPUT.S    write the table
       symbols.py NM ELF --check TABLE.S    check that ELF has the functions of TABLE.S at the same places
"""
import collections
import os
import re
import subprocess
import sys

BASE = "text_start"


OPERATOR = re.compile(r"operator\s*(\(\)|\[\]|<=>|->\*?|<<=?|>>=?|[<>]=?)")


def without_decltype(name):
    """`name` without a return type of the kind that ends where its brackets do."""
    if not name.startswith("decltype ("):
        return name
    depth = 0
    for i, c in enumerate(name):
        depth += {"(": 1, ")": -1}.get(c, 0)
        if c == ")" and depth == 0:
            return name[i + 1:].strip()
    return name


def short_name(name):
    """The name of a function as a report shows it: without parameters, template arguments, the
    outermost namespace of nearly everything, and what the compiler appended."""
    name = name.replace("(anonymous namespace)::", "")
    # Brackets of operators are not brackets.
    operators = []
    name = OPERATOR.sub(lambda match: operators.append(match[0]) or f"\1{len(operators) - 1}\1", name)
    kept, depth = [], 0
    for c in without_decltype(name):
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


FIRST_TOKEN, TOKENS, DEEPEST = 0x80, 0x80, 16


def compress(tails):
    """Byte-pair encoding: again and again the most frequent pair of neighbours becomes one code. Returns the pairs, by
    code from FIRST_TOKEN, and the tails as lists of codes; what is below FIRST_TOKEN stands for itself."""
    codes = [[ord(c) for c in tail] for tail in tails]
    if any(c >= FIRST_TOKEN for row in codes for c in row):
        sys.exit("symbols.py: a name that is not ASCII")
    pairs, depth = [], collections.defaultdict(int)
    for token in range(FIRST_TOKEN, FIRST_TOKEN + TOKENS):
        seen = collections.Counter(pair for row in codes for pair in zip(row, row[1:])
                                   if max(depth[pair[0]], depth[pair[1]]) < DEEPEST)
        if not seen:
            break
        pair = min(seen, key=lambda pair: (-seen[pair], pair))
        if seen[pair] < 4:  # what it saves, it costs
            break
        pairs.append(pair)
        depth[token] = 1 + max(depth[pair[0]], depth[pair[1]])
        for row in codes:
            i = 0
            while i + 1 < len(row):
                if (row[i], row[i + 1]) == pair:
                    row[i:i + 2] = [token]
                i += 1
    return pairs, codes


def render(functions, text_size):
    """The table: how many functions, bytes of text, the pairs that codes from 0x80 stand for, then for each function, by
    address: half the bytes since the one before (one byte, or two: the low seven bits with 0x80, then the rest), how many
    characters its name shares with the name before (one byte), and the codes of the rest of it with a NUL. Neighbours are
    mostly of one class, and names are made of few words: this is a fifth of what names and offsets would take."""
    shared, tails, steps = [], [], []
    last, before = 0, ""
    for address, name in functions:
        step = address - last
        if step % 2 or step // 2 > 0x7FFF:
            sys.exit(f"symbols.py: {name} begins {step} bytes behind the function before it")
        half = step // 2
        steps.append([half] if half < 0x80 else [0x80 | half % 0x80, half // 0x80])
        shared.append(len(os.path.commonprefix([before, name])))
        tails.append(name[shared[-1]:])
        last, before = address, name
    pairs, codes = compress(tails)
    pairs += [(0, 0)] * (TOKENS - len(pairs))
    lines = ['    .section .symbol_table, "a", @progbits', "    .balign 8",
             "    .globl symbol_table", "symbol_table:",
             f"    .word {len(functions)}, {text_size}",
             "    .byte " + ", ".join(f"{a}, {b}" for a, b in pairs)]
    for (_, name), step, prefix, row in zip(functions, steps, shared, codes):
        lines.append(f"    .byte {', '.join(map(str, [*step, prefix, *row, 0]))}  # {name}")
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
