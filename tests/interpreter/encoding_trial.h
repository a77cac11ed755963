// EncodingTrial: single instructions, legal or not, run in QEMU one by one, to be compared with the
// interpreter.
#pragma once

#include "tests/interpreter/difference.h"
#include "tests/interpreter/qemu.h"
#include "tests/interpreter/random_values.h"

namespace interpreter_tests {

/// Whether `encoding` jumps to itself, for ever; where that depends on a condition, perhaps.
bool may_jump_to_itself(u32 encoding);

/// All 16-bit encodings but those.
std::vector<u32> all_compressed();

/// `count` 32-bit encodings: any bits, legal instructions, and legal ones with some bits changed.
/// None may jump to itself; where a counter is read, to x0: QEMU's run.
std::vector<u32> random_encodings(Random& random, u64 count);

class EncodingTrial {
public:
    /// Runs each of `encodings` in QEMU, with registers and at a place that follow from `seed`.
    /// What is around it is c.ebreak, so that each ends with a trap, at the latest behind it or
    /// where it jumps.
    EncodingTrial(u64 seed, const std::vector<u32>& encodings);

    /// Runs them in the interpreter: each ends with the same trap, the same registers, and memory
    /// is the same at the end. Words for the first difference; empty if there is none.
    std::string compare();

    /// How many compare() found to be illegal instructions.
    u64 illegal() const { return illegal_; }

private:
    Case& case_at(u64 index) { return image_.object<Case>(cases_ + index * sizeof(Case)); }

    RamImage image_;
    PhysAddr cases_{};
    u64 count_;
    QemuRun run_;
    u64 illegal_ = 0;
};

}  // namespace interpreter_tests
