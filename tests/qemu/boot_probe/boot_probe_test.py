#!/usr/bin/env python3
"""Boots the probe image in QEMU in one way and looks at what it says.

usage: boot_probe_test.py --list                          print the names of the cases
       boot_probe_test.py --image IMAGE --elf ELF CASE    run one
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

QEMU = os.environ.get("PROCYON_QEMU", "qemu-system-riscv64")
CROSS = os.environ.get("PROCYON_CROSS", "riscv64-linux-gnu-")
COMMON = ["-display", "none", "-monitor", "none", "-serial", "stdio", "-no-reboot"]
CASES = {}


class Failure(Exception):
    pass


def case(name, *arguments, cpu=None):
    """Registers a case; more than one decorator gives one function several. One that needs a `cpu` is there when QEMU has
    that."""
    def register(function):
        if cpu is None or knows_cpu(cpu):
            CASES[name] = lambda context: function(context, *arguments)
        return function
    return register


def knows_cpu(cpu):
    command = [QEMU, "-M", "none", "-cpu", cpu, "-display", "none", "-monitor", "stdio"]
    try:
        return subprocess.run(command, input=b"quit\n", capture_output=True, timeout=60).returncode == 0
    except FileNotFoundError:
        return False


class Context:
    def __init__(self, image, elf, folder):
        self.image, self.elf, self.folder = image, elf, folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def boot(self, *arguments, machine="virt", kernel=None, harts=2, memory="128M", seconds=60):
        """Runs QEMU; returns its exit status and what the console showed."""
        command = [QEMU, "-M", machine, "-smp", str(harts), "-m", memory, *COMMON,
                   "-kernel", kernel or self.image, *arguments]
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  timeout=seconds)
        except subprocess.TimeoutExpired as expired:
            raise Failure(f"no end after {seconds} s: {' '.join(command)}\n{text(expired.stdout or b'')}") from None
        return done.returncode, text(done.stdout)

    def wrap_elf(self, address):
        """The flat image as an ELF that QEMU puts at `address` and enters there."""
        source, loose, linked = (self.path("wrap" + end) for end in (".S", ".o", ".elf"))
        with open(source, "w") as file:
            file.write(f'.section .text\n.globl _start\n_start:\n.incbin "{self.image}"\n')
        subprocess.run([CROSS + "gcc", "-c", source, "-o", loose], check=True)
        subprocess.run([CROSS + "ld", "-N", "--no-warn-rwx-segments", f"-Ttext={address:#x}", "--build-id=none", "-o",
                        linked, loose], check=True)
        return linked

    def tree_text(self, machine="virt", harts=2, memory="128M"):
        """The device tree that QEMU would hand over, as source."""
        blob = self.path("dump.dtb")
        subprocess.run([QEMU, "-M", f"{machine},dumpdtb={blob}", "-smp", str(harts), "-m", memory, "-display", "none"],
                       check=True, capture_output=True)
        return subprocess.run(["dtc", "-q", "-I", "dtb", "-O", "dts", blob], check=True, capture_output=True,
                              text=True).stdout

    def compile_tree(self, source):
        blob = self.path("changed.dtb")
        subprocess.run(["dtc", "-q", "-f", "-I", "dts", "-O", "dtb", "-o", blob], input=source, text=True, check=True)
        return blob


def text(raw):
    return raw.decode("utf-8", "replace").replace("\r", "")


def require(condition, message, output):
    if not condition:
        raise Failure(f"{message}\n{output}")


def expect_pass(status, output):
    require("\nPASS\n" in output and "\nFAIL" not in output, "the probe did not pass", output)
    require(status == 0, f"QEMU's status is {status}", output)


def expect_panic(status, output, words, expected_status=2):
    require(re.search(r"^panic: .*" + words, output, re.M), f"no panic that says '{words}'", output)
    require(status == expected_status, f"QEMU's status is {status}, not {expected_status}", output)


def value(output, pattern):
    match = re.search(pattern, output, re.M)
    require(match, f"nothing matches {pattern}", output)
    return match.group(1)


@case("harts_1", 1)
@case("harts_2", 2)
@case("harts_4", 4)
@case("harts_8", 8)
@case("harts_64", 64)
def every_hart_comes_up(context, harts):
    status, output = context.boot(harts=harts, seconds=180)
    expect_pass(status, output)
    require(f"\nharts {harts} " in output, "not all harts are listed", output)


@case("memory_8M", "8M")
@case("memory_32M", "32M")
@case("memory_128M", "128M")
@case("memory_1G", "1G")
@case("memory_4G", "4G")
def any_memory_will_do(context, memory):
    status, output = context.boot(memory=memory)
    expect_pass(status, output)
    size = int(memory[:-1]) << (20 if memory[-1] == "M" else 30)
    require(f"\nmemory 80000000+{size:x}\n" in output, "wrong memory", output)


@case("loaded_at_80400000", 0x80400000)
@case("loaded_at_88e00000", 0x88E00000)
@case("loaded_at_c0000000", 0xC0000000)
def any_load_address_will_do(context, address):
    status, output = context.boot(kernel=context.wrap_elf(address), memory="2G")
    expect_pass(status, output)
    require(f"\nimage {address:x}+" in output, "wrong image address", output)
    reserved = [[int(n, 16) for n in m] for m in re.findall(r"^reserved (\w+)\+(\w+)$", output, re.M)]
    require(any(s <= 0x80000000 and address < s + n for s, n in reserved), "memory below is not reserved", output)


@case("misaligned_load_is_refused")
def misaligned_load_is_refused(context):
    _, output = context.boot(kernel=context.wrap_elf(0x80301000))
    require("panic: the kernel is not loaded at a 2 MiB boundary" in output, "no message", output)


@case("entered_as_elf")
def entered_as_elf(context):
    expect_pass(*context.boot(kernel=context.elf))


@case("firmware_timer")
def firmware_timer(context):
    expect_pass(*context.boot("-cpu", "rv64,sstc=off", harts=4))


@case("board_like_cpu")
def board_like_cpu(context):
    expect_pass(*context.boot("-cpu", "sifive-u54", harts=4))


# Up to QEMU 8 the machine always sets the bits itself.
@case("software_accessed_and_dirty", cpu="rv64,svadu=off")
def software_accessed_and_dirty(context):
    board = "rv64,sstc=off,svadu=off,svade=on,svpbmt=off,svinval=off,sv48=off,sv57=off,zicbom=off,zicboz=off,h=off"
    expect_pass(*context.boot("-cpu", board, harts=4))


@case("sifive_u")
def sifive_u(context):
    # Hart 0 has no MMU, the clock ticks at 1 MHz, contexts are at 2h, the UART is another one.
    status, output = context.boot(machine="sifive_u", harts=5, memory="512M")
    expect_pass(status, output)
    require("\nharts 4 " in output and "device sifive,uart0 10010000" in output, "wrong machine", output)


@case("hart_zero_disabled")
def hart_zero_disabled(context):
    source = context.tree_text(harts=3)
    source = re.sub(r'(cpu@0 \{.*?)status = "okay";(.*?)mmu-type = "[^"]*";', r'\1status = "disabled";\2', source, count=1,
                    flags=re.S)
    status, output = context.boot("-dtb", context.compile_tree(source), harts=3)
    expect_pass(status, output)
    require(re.search(r"\nharts 2 boot hart \d \(id [12]\)", output), "hart 0 is listed", output)


@case("arguments_and_initrd")
def arguments_and_initrd(context):
    initrd = context.path("initrd")
    with open(initrd, "wb") as file:
        file.write(b"sixteen bytes it" + bytes(5000))
    status, output = context.boot("-initrd", initrd, "-append", "*one=1  two *three")
    expect_pass(status, output)
    require("boot args 18 bytes: *one=1  two *three\n" in output, "wrong arguments", output)
    require("initrd begins sixteen bytes it\n" in output, "wrong initrd", output)
    require(value(output, r"^initrd [0-9a-f]+\+([0-9a-f]+)$") == f"{5016:x}", "wrong size", output)


@case("long_arguments")
def long_arguments(context):
    status, output = context.boot("-append", "a" * 4096)
    expect_pass(status, output)
    require("\nboot args 4096 bytes" in output and "are cut" not in output, "4096 bytes do not fit", output)
    status, output = context.boot("-append", "a" * 4500)
    expect_pass(status, output)
    require("boot arguments of 4500 bytes are cut to 4096" in output, "nothing said", output)


@case("fault_null", "null", r"store page fault at .*touch_nothing.*, address 0", "touch_nothing")
@case("fault_overflow", "overflow", r"kernel stack overflow at .*dig", "dig")
@case("fault_overflow_in_interrupt", "overflow-irq", r"kernel stack overflow at .*trap_entry", "trap_entry")
@case("fault_write_text", "write-text", r"store page fault at .*write_text", "write_text")
@case("fault_write_text_alias", "write-text-alias", r"store page fault at .*write_text_alias", "write_text_alias")
@case("fault_run_data", "run-data", r"instruction page fault", "fault_on_purpose|run_data")
@case("fault_jump_null", "jump-null", r"instruction page fault at 0 ", "fault_on_purpose|jump_to_nothing")
@case("fault_illegal", "illegal", r"illegal instruction at .*run_unknown", "run_unknown")
def each_fault_is_named(context, fault, words, function):
    status, output = context.boot("-append", f"*probe={fault}")
    expect_panic(status, output, words)
    report = output[output.index("\npanic: "):]
    require(re.search(rf"^  [0-9a-f]{{16}} .*({function})\+0x", report, re.M), "no backtrace that names it", output)
    require("riscv64_start+0x" in report or "overflow" in fault, "the backtrace is broken", output)


@case("panic_stops_and_shows_every_hart")
def panic_stops_and_shows_every_hart(context):
    status, output = context.boot("-append", "*probe=panic", harts=4)
    expect_panic(status, output, "asked for")
    require(len(re.findall(r"^hart \d \(id \d\) stopped:$", output, re.M)) == 3, "not every hart is shown", output)
    require(len(re.findall(r"hart_main\+0x", output)) == 3, "a backtrace is broken", output)


@case("map_is_checked")
def map_is_checked(context):
    status, output = context.boot()
    expect_pass(status, output)
    require(int(value(output, r"^kernel map: (\d+) leaves checked$")) > 100, "too few leaves", output)
    complaint = "\nkernel map: writable with D clear at ffffffe000001000\n"
    status, output = context.boot("-append", "*probe=spoil-map")
    require(complaint in output, "the last look saw nothing", output)
    require(status == 2, f"QEMU's status is {status}", output)
    status, output = context.boot("-append", "*probe=spoil-map-and-panic")
    expect_panic(status, output, "asked for")
    require(output.count(complaint) == 1, "not said once", output)


@case("tree_without_memory")
def tree_without_memory(context):
    source = re.sub(r"memory@80000000 \{.*?\};", "", context.tree_text(), flags=re.S)
    # Nothing is known yet but the firmware's own shutdown, which cannot tell a status.
    expect_panic(*context.boot("-dtb", context.compile_tree(source)), "device tree: no memory node", 0)


@case("tree_nested_too_deep")
def tree_nested_too_deep(context):
    deep = "n {" * 40 + "};" * 40
    source = context.tree_text().replace("chosen {", deep + "\n\tchosen {", 1)
    expect_panic(*context.boot("-dtb", context.compile_tree(source)), "device tree: nested deeper than 16 nodes", 0)


@case("tree_with_absurd_cells")
def tree_with_absurd_cells(context):
    bus = "bus { #address-cells = <4000000000>; #size-cells = <7>; ranges; u@0 { compatible = \"ns16550a\"; reg = <1 2>; }; };"
    source = context.tree_text().replace("chosen {", bus + "\n\tchosen {", 1)
    status, output = context.boot("-dtb", context.compile_tree(source))
    expect_pass(status, output)
    require("/bus claims 4000000000 address and 7 size cells" in output, "nothing said", output)


@case("tree_with_absurd_reserved_memory")
def tree_with_absurd_reserved_memory(context):
    lie = "reserved-memory { #address-cells = <2>; #size-cells = <2>; ranges; all { reg = <0 0x80000000 0 0x8000000>; no-map; }; };"
    source = context.tree_text().replace("chosen {", lie + "\n\tchosen {", 1)
    expect_panic(*context.boot("-dtb", context.compile_tree(source)), "in memory marked no-map", 0)


@case("tree_without_console")
def tree_without_console(context):
    source = re.sub(r"stdout-path = [^;]*;", "", context.tree_text())
    status, output = context.boot("-dtb", context.compile_tree(source))
    expect_pass(status, output)
    require("names no console: using the firmware's" in output, "nothing said", output)


@case("tree_without_interrupt_controller")
def tree_without_interrupt_controller(context):
    source = context.tree_text().replace('"sifive,plic-1.0.0\\0riscv,plic0"', '"nobody,knows"')
    status, output = context.boot("-dtb", context.compile_tree(source))
    expect_pass(status, output)
    require("no interrupt controller" in output, "nothing said", output)


@case("instructions_do_not_depend_on_memory")
def instructions_do_not_depend_on_memory(context):
    counts = {}
    for memory in ("128M", "4G"):
        status, output = context.boot("-icount", "shift=0,sleep=off", harts=1, memory=memory)
        expect_pass(status, output)
        counts[memory] = int(value(output, r"^entry to boot_main: (\d+) ns$"))  # an instruction is a nanosecond
        print(f"instructions from entry to boot_main at {memory}: {counts[memory]}")
    require(max(counts.values()) < 1_000_000, "too many", str(counts))
    require(max(counts.values()) < 1.25 * min(counts.values()), "they differ", str(counts))


@case("ten_boots_with_eight_harts")
def ten_boots_with_eight_harts(context):
    for _ in range(10):
        expect_pass(*context.boot(harts=8))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--image")
    parser.add_argument("--elf")
    parser.add_argument("case", nargs="?")
    options = parser.parse_args()
    if options.list:
        print("\n".join(CASES))
        return
    with tempfile.TemporaryDirectory() as folder:
        try:
            CASES[options.case](Context(os.path.abspath(options.image), os.path.abspath(options.elf), folder))
        except Failure as failure:
            sys.exit(f"{options.case}: {failure}")


if __name__ == "__main__":
    main()
