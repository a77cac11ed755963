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

    def test_a_name_is_stored_as_what_differs_from_the_one_before(self):
        text = symbols.render([(0, "pid::a"), (8, "pid::bc"), (0x40A, "pid::bc"), (0x40C, "x")], 0x410)
        self.assertIn("    .word 4, 1040\n", text)
        rows = [line.strip() for line in text.splitlines() if ".asciz" in line]
        self.assertEqual(rows, ['.byte 0, 0, 0; .asciz "pid::a"', '.byte 4, 0, 5; .asciz "bc"',
                                '.byte 1, 2, 7; .asciz ""', '.byte 1, 0, 0; .asciz "x"'])

    def test_a_step_that_has_no_room_is_refused(self):
        with self.assertRaises(SystemExit):
            symbols.render([(0, "a"), (0x20000, "b")], 0x20010)
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
