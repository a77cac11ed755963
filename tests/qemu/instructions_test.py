#!/usr/bin/env python3
"""Reads the instructions of images for what no machine at hand would show.

usage: instructions_test.py ELF... PROBE_ELF

An sfence.vma that names an address or an address space is unreliable on some U74 (erratum CIP-1200), so none may: each must
forget everything. A fence.i must be there at all; QEMU works without. An exchange whose result nobody wants is what g++ 12
makes of an atomic store, but for Atomic<T>'s (kernel/base/atomic_store.h). The reader itself is held against a planted program.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

CROSS = os.environ.get("PROCYON_CROSS", "riscv64-linux-gnu-")
INSTRUCTION = re.compile(r"^\s*[0-9a-f]+:\s+(?P<mnemonic>[a-z][a-z0-9._]*)(?:\s+(?P<operands>[^#<]*))?")
FUNCTION = re.compile(r"^[0-9a-f]+ <(?P<name>.*)>:$")
# Those into a program's memory are std::atomic_ref's.
STORES_TO_PROGRAMS = "mm::AddressSpace::with_word"


def instructions(elf):
    """(function, mnemonic, operands) of each instruction, registers named by number and no short forms in the way."""
    dump = subprocess.run([CROSS + "objdump", "-d", "-C", "-M", "no-aliases,numeric", "--no-show-raw-insn", elf], check=True,
                          capture_output=True, text=True).stdout
    function = "?"
    for line in dump.splitlines():
        heading = FUNCTION.match(line)
        if heading:
            function = heading["name"]
            continue
        match = INSTRUCTION.match(line)
        if match:
            yield function, match["mnemonic"], (match["operands"] or "").strip()


def look(elf):
    """What is wrong, how many translation fences there are, and which functions fence their instructions."""
    wrong, fences, fence_i = [], 0, []
    for function, mnemonic, operands in instructions(elf):
        if mnemonic.startswith(("sinval", "hfence", "sfence.w", "sfence.inval")):
            wrong.append(f"{function}: {mnemonic} {operands}: no board has it")
        elif mnemonic == "sfence.vma":
            fences += 1
            if operands not in ("", "x0,x0"):
                wrong.append(f"{function}: sfence.vma {operands}: it must forget everything")
        elif mnemonic.startswith("amoswap") and operands.startswith("x0,") and STORES_TO_PROGRAMS not in function:
            wrong.append(f"{function}: {mnemonic} {operands}: an exchange where a store would do")
        elif mnemonic == "fence.i":
            fence_i.append(function)
    return wrong, fences, fence_i


def check_the_reader():
    """A program with three bad fences, a good one and an exchange is read right."""
    with tempfile.TemporaryDirectory() as folder:
        source, binary = pathlib.Path(folder, "planted.S"), pathlib.Path(folder, "planted.o")
        code = ("sfence.vma", "amoswap.w zero, a1, (a0)", "sfence.vma a0", "sfence.vma zero, a1", "sfence.vma a0, a1",
                "fence.i", "ret")
        source.write_text("planted: " + "\n ".join(code) + "\n")
        subprocess.run([CROSS + "gcc", "-march=rv64imac_zicsr_zifencei", "-mabi=lp64", "-c", source, "-o", binary], check=True)
        wrong, fences, fence_i = look(binary)
        if len(wrong) != 4 or fences != 4 or fence_i != ["planted"]:
            sys.exit(f"the reader is blind: {wrong} {fences} {fence_i}")


def main():
    check_the_reader()
    failed = False
    for elf in sys.argv[1:]:
        wrong, fences, fence_i = look(elf)
        for text in wrong:
            print(f"{elf}: {text}")
        print(f"{elf}: {fences} translation fences, fence.i in {', '.join(fence_i) or 'no function'}")
        # Entry alone has four; a hart fences its instructions when it comes up.
        failed |= bool(wrong) or fences < 5 or not any("bring_hart_online" in name for name in fence_i)
    # Nothing in the product writes code yet, so only the probe has this.
    failed |= not any("publish_code" in name for name in look(sys.argv[-1])[2])
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
