// QEMU as the one to agree with: runs a RamImage, and says what the registers were before each
// instruction of user mode.
#pragma once

#include <string>

#include "tests/interpreter/ram_image.h"

namespace interpreter_tests {

/// Registers before an instruction.
struct State {
    u64 pc = 0;
    std::array<u64, 32> x{};

    bool operator==(const State&) const = default;
};

/// What a run left.
struct QemuRun {
    std::string error{};  // empty if the machine powered itself off
    std::vector<std::byte> memory{};
    /// Where they were asked for: one per instruction at [first, last] that was fetched, in order.
    /// One that an interruption of QEMU made it say twice is here once, unless it jumps to itself.
    std::vector<State> states{};
};

/// The user addresses whose states are wanted.
struct StateRange {
    u64 first;
    u64 last;
};

/// Runs `image` until it powers off. Errors: in QemuRun::error.
QemuRun run_in_qemu(const RamImage& image, std::optional<StateRange> states);

}  // namespace interpreter_tests
