#!/usr/bin/env python3
"""Reads the instructions of the Pid hash: what a lookup costs, and the order that each atomic operation carries.

usage: orders_test.py BINARY_DIR [--lookup]

A lookup, inlined, takes at most 20 instructions on its longest path, and no fence, call, store or AMO. The other operations
have the orders that the head comment of pid_cells.h names, no less and no more: as .aq and .rl, or as the fences that g++ 12
puts beside an access. Then the same reader must reject each of some plants: the hash compiled with one order wrong. With
--lookup, only prints how many instructions a lookup takes.
"""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[4]
CROSS = os.environ.get("PROCYON_CROSS", "riscv64-linux-gnu-")
PROBE = "tests/bench/pid/riscv64/lookup_probe.cc"
CELLS = "kernel/pid/pid_cells.cc"
MOST = 20

HEADING = re.compile(r"^([0-9a-f]+) <(.*)>:$")
LINE = re.compile(r"^\s+([0-9a-f]+):\s+(\S+)\s*([^#<]*)")
LOADS = re.compile(r"(c\.)?(lb|lh|lw|ld|lbu|lhu|lwu|ldsp|lwsp)$")
STORES = re.compile(r"(c\.)?(sb|sh|sw|sd|sdsp|swsp)$")
BRANCHES = re.compile(r"(c\.)?(beq|bne|blt|bge|bltu|bgeu|beqz|bnez)$")
RMW = re.compile(r"(amo\w+|lr|sc)\.[wd](\.aqrl|\.aq|\.rl)?$")

# The orders in each function; operations without one are not named, but for the last of these. A function is known by
# its name in the class.
EXPECTED = {
    "references": ["load.aq", "load.aq"],
    "next_live": ["load.aq", "load.aq"],
    "acquire": ["load.aq", "load.aq", "lr.aq"],
    "release": ["amoadd.rl"],
    "exit": ["amoadd.rl"],
    "bind": ["amoadd.rl"],
    "claim": ["lr.aq", "sc.rl"],
    "take_window": ["load.aq", "lr.aq", "sc.rl"],
    "dup": [],
}
PLAIN = {"dup": "amoadd"}
BASE = "base/compare_and_swap.h"

# (what, file, function, from, to, who sees it)
PLANTS = [
    ("the last drop orders nothing", "pid_cells_inline.h", "release", "memory_order_release", "memory_order_relaxed"),
    ("exit only acquires", "pid_cells_inline.h", "exit", "memory_order_release", "memory_order_acquire"),
    ("bind does not publish", "pid_cells_inline.h", "bind", "memory_order_release", "memory_order_relaxed"),
    ("a claim does not acquire", "pid_cells_inline.h", "claim", "memory_order_acq_rel", "memory_order_release"),
    ("a new number is not published", "pid_cells_inline.h", "claim", "memory_order_acq_rel", "memory_order_acquire"),
    ("a lap is not published", "pid_cells_allocate.h", "take_window", "memory_order_acq_rel", "memory_order_acquire"),
    ("acquire does not acquire", "pid_cells_inline.h", "acquire", "std::memory_order_acquire", "std::memory_order_relaxed"),
    ("dup is stronger than it need be", "pid_cells_inline.h", "dup", "memory_order_relaxed", "memory_order_acq_rel"),
    ("a lookup acquires", "pid_cells_inline.h", "lookup", "filled_.load(Policy::kOrderByAddress)",
     "filled_.load(std::memory_order_acquire)"),
    ("the compiler's own compare-and-swap, which loses releases", BASE, None, "defined(__riscv)", "defined(__riscv_never)"),
]


class Wrong(Exception):
    pass


def functions(binary):
    """Name -> list of (address, mnemonic, operands)."""
    dump = subprocess.run([CROSS + "objdump", "-d", "-C", "-M", "no-aliases,numeric", "--no-show-raw-insn", binary],
                          check=True, capture_output=True, text=True).stdout
    found, into = {}, None
    for line in dump.splitlines():
        heading = HEADING.match(line)
        if heading:
            if not heading[2].startswith("."):  # a local label is no function
                into = found.setdefault(heading[2], [])
            continue
        match = LINE.match(line)
        if match and into is not None:
            into.append((int(match[1], 16), match[2], match[3].strip()))
    return found


def is_memory(mnemonic):
    return LOADS.match(mnemonic) or STORES.match(mnemonic) or RMW.match(mnemonic)


def orders(code):
    """The operations of a function that carry an order, sorted; and those AMOs that carry none."""
    ordered, plain, before = [], [], None  # before: the fence in front, if nothing else touched memory since
    for at, (_, mnemonic, operands) in enumerate(code):
        if mnemonic == "fence":
            before = operands
            continue
        if not is_memory(mnemonic):
            continue
        release = before is not None and before.split(",")[1].endswith("w")
        after = next((c for c in code[at + 1:] if c[1] == "fence" or is_memory(c[1]) or BRANCHES.match(c[1])), None)
        rmw = RMW.match(mnemonic)
        if rmw:
            suffix = rmw[2] or ""
            aq, rl = "aq" in suffix, "rl" in suffix or release
            name = rmw[1]
            if name == "sc":
                ordered += ["sc.rl"] if "rl" in suffix else []  # what else it has is the load's
            else:
                order = ("." if aq or rl else "") + ("aq" if aq else "") + ("rl" if rl else "")
                (ordered if order else plain).append(name + order)
        elif STORES.match(mnemonic) and release:
            ordered.append("store.rl")
        elif LOADS.match(mnemonic) and after is not None and after[1] == "fence" and after[2].split(",")[0].find("r") >= 0 \
                and after[2] != "iorw,ow":
            ordered.append("load.aq")
        before = None
    return sorted(ordered), plain


def longest_path(code):
    """Instructions on the longest way through `code`, the return not counted. Loops are refused."""
    places = {address: at for at, (address, _, _) in enumerate(code)}

    def target(operands):
        return places[int(operands.replace(",", " ").split()[-1], 16)]

    longest = {}
    for at in range(len(code) - 1, -1, -1):
        _, mnemonic, operands = code[at]
        ways = []
        if mnemonic in ("c.jr", "jalr"):
            longest[at] = 0
            continue
        if BRANCHES.match(mnemonic):
            ways = [target(operands), at + 1]
        elif mnemonic in ("c.j", "jal"):
            ways = [target(operands)]
        else:
            ways = [at + 1]
        if any(way <= at for way in ways):
            raise Wrong("lookup has a loop")
        longest[at] = 1 + max(longest[way] for way in ways)
    return longest[0]


def check_lookup(code):
    for _, mnemonic, operands in code:
        call = mnemonic in ("jal", "jalr", "c.jalr", "c.jal") and not (mnemonic == "jalr" and operands.startswith("x0"))
        if call or mnemonic.startswith("fence") or RMW.match(mnemonic) or STORES.match(mnemonic):
            raise Wrong(f"lookup has '{mnemonic} {operands}'")
    length = longest_path(code)
    if length > MOST:
        raise Wrong(f"lookup takes {length} instructions, more than {MOST}")
    return length


def check(probe, cells):
    """The instructions of a lookup; raises Wrong when something is not as it must be."""
    found = functions(probe)
    length = check_lookup(found["lookup_probe"])
    compiled = functions(cells)
    for name, expected in EXPECTED.items():
        code = [code for full, code in compiled.items() if f"KernelAtomics>::{name}(" in full]
        if len(code) != 1:
            raise Wrong(f"{name}() is there {len(code)} times")
        ordered, plain = orders(code[0])
        if ordered != expected:
            raise Wrong(f"{name}() has {' '.join(ordered) or 'no orders'}, and not {' '.join(expected) or 'none'}")
        if name == "claim":  # allocate() has copies of it
            inlined = [code for full, code in compiled.items() if "KernelAtomics>::allocate(" in full]
            if sorted(set(orders(inlined[0])[0])) != expected:
                raise Wrong(f"allocate() has {' '.join(orders(inlined[0])[0])}")
        if name in PLAIN and plain != [PLAIN[name]]:
            raise Wrong(f"{name}() has {plain}, not one {PLAIN[name]}")
    return length


class Build:
    """Compiles the two sources as the build does."""

    def __init__(self, binary_dir):
        self.binary_dir = pathlib.Path(binary_dir)
        entries = json.loads((self.binary_dir / "compile_commands.json").read_text())
        self.commands = {os.path.relpath(e["file"], ROOT): e for e in entries}

    def compile(self, source, out, headers=None, extra=()):
        entry = self.commands[source]
        words = shlex.split(entry["command"])
        if words[0].endswith("ccache"):
            words = words[1:]
        words[words.index("-o") + 1] = str(out)
        first = [f"-I{headers}"] if headers else []
        subprocess.run([words[0], *first, *words[1:], *extra], cwd=entry["directory"], check=True)

    def both(self, folder, headers=None):
        probe, cells = pathlib.Path(folder, "probe.o"), pathlib.Path(folder, "cells.o")
        # Inlined, it has no frame of its own.
        self.compile(PROBE, probe, headers, ["-fomit-frame-pointer"])
        # Release builds compile it when they link; here as it stands.
        self.compile(CELLS, cells, headers, ["-fno-lto"])
        return probe, cells


def plant(headers, file, function, old, new):
    for module in ("pid", "base"):
        shutil.copytree(ROOT / "kernel" / module, headers / module)
    path = headers / (file if file == BASE else f"pid/{file}")
    text = path.read_text()
    begin = text.index(f"BasicPidCells<Policy>::{function}(") if function else 0
    end = text.find("\ntemplate <class Policy>", begin) if function else len(text)
    if text.count(old, begin, end) not in ((1,) if function else (1, 2)):
        sys.exit(f"the plant in {function or file} does not fit the source any more: '{old}'")
    path.write_text(text[:begin] + text[begin:end].replace(old, new) + text[end:])


def main():
    build = Build(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        length = check(*build.both(folder))
    if "--lookup" in sys.argv:
        print(length)
        return
    print(f"lookup: {length} instructions at most, no fence, call, store or AMO")
    for name, expected in EXPECTED.items():
        print(f"{name}: {' '.join(expected) or 'a relaxed ' + PLAIN[name]}")
    for what, *where in PLANTS:
        with tempfile.TemporaryDirectory() as folder:
            headers = pathlib.Path(folder, "headers")
            plant(headers, *where)
            try:
                check(*build.both(folder, headers))
            except Wrong as wrong:
                print(f"planted: {what}: rejected, {wrong}")
            else:
                sys.exit(f"planted: {what}: not noticed")


if __name__ == "__main__":
    try:
        main()
    except Wrong as wrong:
        sys.exit(f"wrong: {wrong}")
