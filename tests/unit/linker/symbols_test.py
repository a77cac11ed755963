#!/usr/bin/env python3
"""The symbol table's maker: names as a report shows them, entries in order, a function that moved is noticed."""
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "linker"))
import symbols  # noqa: E402

LISTING = """\
ffffffff80000000 T _start
ffffffff80000040 T text_start
ffffffff80000040 t kernel::first(int)
ffffffff80000040 W kernel::alias_of_first()
ffffffff80000080 T kernel::Ref<kernel::chan::Chan>::operator->() const
ffffffff80000090 t boot::(anonymous namespace)::Reader::take(boot::FdtNode const&) [clone .isra.0]
ffffffff800000a0 T text_end
ffffffff80001000 D kernel::some_data
"""


def fake_nm(folder, listing):
    tool = pathlib.Path(folder) / "nm"
    tool.write_text("#!/bin/sh\ncat <<'END'\n" + listing + "END\n")
    tool.chmod(0o755)
    return str(tool)


def bytes_of(text):
    """A table's words, and its bytes behind them."""
    words, data = [], []
    for line in text.splitlines():
        line = line.split("  #")[0].strip()
        if line.startswith(".word "):
            words += map(int, line.removeprefix(".word ").split(","))
        elif line.startswith(".byte "):
            data += map(int, line.removeprefix(".byte ").split(","))
    return words, data


def read_back(text):
    """A table as the kernel reads it: bytes of text, and functions with their offsets."""
    (count, size), data = bytes_of(text)
    pairs, at = data[:256], 256

    def expand(code):
        return expand(pairs[2 * code - 256]) + expand(pairs[2 * code - 255]) if code >= 128 else chr(code)

    functions, start, name = [], 0, ""
    for _ in range(count):
        half, at = data[at], at + 1
        if half >= 128:
            half, at = half % 128 + 128 * data[at], at + 1
        start += 2 * half
        name, at = name[:data[at]], at + 1
        while data[at] != 0:
            name, at = name + expand(data[at]), at + 1
        at += 1
        functions.append((start, name))
    assert at == len(data)
    return size, functions


class SymbolsTest(unittest.TestCase):
    def test_names_lose_what_a_report_does_not_need(self):
        for full, short in {
            "kernel::proc::exit(kernel::proc::Proc&)": "proc::exit",
            "riscv64_start": "riscv64_start",
            "void kernel::format_to<int, char>(kernel::Sink&, int const&)": "format_to",
            "kernel::PhysAddr::operator<=>(kernel::PhysAddr const&) const [clone .isra.0]": "PhysAddr::operator<=>",
            "kernel::Ref<kernel::chan::Chan>::operator->() const": "Ref::operator->",
            "std::vector<int>::operator[](unsigned long)": "std::vector::operator[]",
            "kernel::X::operator()(int)": "X::operator()",
            "decltype ({parm#2}((std::declval<kernel::chan::Caller&>)())) kernel::syscall::call<true, f>(int)": "syscall::call",
            "kernel::X::operator bool() const": "X::operator bool",
            "kernel::f(int)::{lambda(int)#1}::operator()(int) const": "f",
            "boot::(anonymous namespace)::Reader::take(boot::FdtNode const&)": "boot::Reader::take",
        }.items():
            self.assertEqual(symbols.short_name(full), short)

    def test_functions_come_in_order_each_address_once(self):
        with tempfile.TemporaryDirectory() as folder:
            functions, size = symbols.read_functions(fake_nm(folder, LISTING), "any")
        self.assertEqual(functions, [(0, "first"), (0x40, "Ref::operator->"), (0x50, "boot::Reader::take")])
        self.assertEqual(size, 0x60)

    def test_what_is_stored_reads_back(self):
        functions = [(0, "pid::a"), (8, "pid::bc"), (0x40A, "pid::bc"), (0x40C, "x")]
        functions += [(0x500 + 0x100 * i, f"chan::Caller::open_{'ab' * (i % 5)}_file_{i}") for i in range(300)]
        functions.append((functions[-1][0] + 0xFFFE, "last"))
        self.assertEqual(read_back(symbols.render(functions, 0x40000)), (0x40000, functions))

    def test_few_bytes_are_stored(self):
        functions = [(2 * i, f"proc::Lifecycle::{w}") for i, w in enumerate(["begin", "commit", "end", "unwind"] * 50)]
        self.assertLess(len(bytes_of(symbols.render(functions, 0x1000))[1]), 256 + 5 * 200)

    def test_pairs_are_not_nested_deeply(self):
        names = ["a" * (1 << 6) + str(i) for i in range(4)] + ["".join(chr(97 + i) for i in range(26)) * 3] * 4
        pairs, _ = symbols.compress(names)
        depth = [0] * 0x80
        for a, b in pairs:
            depth.append(1 + max(depth[a], depth[b]))
        self.assertLessEqual(max(depth), symbols.DEEPEST)

    def test_a_name_that_is_not_ascii_is_refused(self):
        with self.assertRaises(SystemExit):
            symbols.render([(0, "h\u00e9")], 8)

    def test_a_step_that_has_no_room_is_refused(self):
        with self.assertRaises(SystemExit):
            symbols.render([(0, "a"), (0x10000, "b")], 0x20010)
        with self.assertRaises(SystemExit):
            symbols.render([(0, "a"), (3, "b")], 8)

    def test_a_listing_without_the_text_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaises(SystemExit):
                symbols.read_functions(fake_nm(folder, "ffffffff80000000 T _start\n"), "any")

    def test_a_function_that_moved_is_noticed(self):
        with tempfile.TemporaryDirectory() as folder:
            table = pathlib.Path(folder) / "table.S"
            tool = fake_nm(folder, LISTING)
            symbols.write_table(tool, "any", table)
            symbols.check_table(tool, "any", table)
            with self.assertRaises(SystemExit):
                symbols.check_table(fake_nm(folder, LISTING.replace("80000090 t", "80000094 t")), "any", table)


if __name__ == "__main__":
    unittest.main()
