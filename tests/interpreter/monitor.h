// The monitor: what runs in machine mode in QEMU: runs cases in user mode, one after the other, and
// writes down how each ended.
#pragma once

#include "tests/interpreter/ram_image.h"

namespace interpreter_tests {

/// How a case ended: the trap, and all registers.
struct Outcome {
    u64 cause = 0;  // mcause
    u64 value = 0;  // mtval
    u64 pc = 0;     // mepc
    std::array<u64, 32> x{};

    bool operator==(const Outcome&) const = default;
};

/// One start of user mode, as it stands in the image.
struct Case {
    // Two halves of an instruction and the physical addresses they are put at; when the case has
    // ended, a c.ebreak is put at each.
    u64 first_at;
    u64 second_at;
    u16 first;
    u16 second;
    u32 unused;
    u64 registers_at;  // 32 words; that of x0 is not used
    u64 pc;
    Outcome outcome;

    u32 instruction() const { return u32{second} << 16 | first; }
};

/// Puts the monitor at the start of `image`, to run the `count` cases at `cases` and power off.
/// Between cases it lets reservations go.
void put_monitor(RamImage& image, PhysAddr cases, u64 count);

}  // namespace interpreter_tests
