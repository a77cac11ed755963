// Registers: shown, and changed.
#include "db.h"

enum { kColumns = 3 };

static void print_words(const char* const* names, const uvlong* words, int count) {
    for (int i = 0; i < count; ++i) {
        const int is_last = i + 1 == count || (i + 1) % kColumns == 0;
        print("%-4s %016llux%s", names[i], words[i], is_last ? "\n" : "  ");
    }
}

void registers_command(int argc, char* argv[]) {
    USED(argc);
    USED(argv);
    uvlong registers[kRegisters];
    if (read_registers(current()->pid, registers) < 0) return complain("regs: %r");
    print("pc ");
    print_here(current());
    print_words(register_names + 1, registers + 1, kPc - 1);
}

void floats_command(int argc, char* argv[]) {
    USED(argc);
    USED(argv);
    uvlong floats[kFloats + 1];
    if (read_floats(current()->pid, floats) < 0) return complain("fregs: %r");
    print_words(float_names, floats, kFloats);
    print("fcsr %02llux\n", floats[kFloats]);
}

void set_command(int argc, char* argv[]) {
    USED(argc);
    const int pid = current()->pid, number = register_number(argv[1]);
    uvlong value, registers[kRegisters], floats[kFloats + 1];
    if (number < 0) return complain("no register %q", argv[1]);
    if (number == 0) return complain("zero stays 0");
    if (!get_value(argv[2], &value)) return;
    const int floating = number >= kRegisters;
    if (floating ? read_floats(pid, floats) < 0 : read_registers(pid, registers) < 0) {
        return complain("can't read %s: %r", argv[1]);
    }
    if (floating)
        floats[number - kRegisters] = value;
    else
        registers[number] = value;
    if (floating ? write_floats(pid, floats) < 0 : write_registers(pid, registers) < 0) {
        complain("can't set %s: %r", argv[1]);
    }
}
