// ProgramTrial: random programs, run in QEMU instruction by instruction, to be compared with the
// interpreter.
#pragma once

#include <set>

#include "tests/interpreter/difference.h"
#include "tests/interpreter/qemu.h"
#include "tests/interpreter/random_program.h"

namespace interpreter_tests {

class ProgramTrial {
public:
    /// Makes `count` programs by `seed` and runs them in QEMU, one after the other, on one memory.
    ProgramTrial(u64 seed, u64 count);

    /// Runs them in the interpreter: all registers before each instruction, how each program ended,
    /// and memory at the end are QEMU's. Words for the first difference; empty if there is none.
    std::string compare();

    /// Instructions whose registers compare() has compared, and in how many kinds: opcode and
    /// function of each, expanded or not.
    u64 compared() const { return compared_; }
    const std::set<u32>& kinds() const { return kinds_; }

private:
    class Comparison;

    RamImage image_;
    PhysAddr cases_{};
    u64 count_;
    QemuRun run_;
    u64 compared_ = 0;
    std::set<u32> kinds_;
};

}  // namespace interpreter_tests
