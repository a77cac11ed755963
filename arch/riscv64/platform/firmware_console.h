// FirmwareConsole: output through firmware.
#pragma once

#include "arch/riscv64/sv39/vocabulary.h"

namespace arch::riscv64 {

/// The debug console (DBCN) where firmware has it, else the legacy call, byte by byte. A console
/// that fails or stands still loses text; it does not keep the caller. Writers on different harts
/// may interleave.
class FirmwareConsole : kernel::Pinned {
public:
    /// Room that firmware can read: it reads physical memory, and a stack need not be contiguous
    /// there.
    struct Bounce {
        std::span<char> room;
        PhysAddr at;
    };
    /// The running hart's; called with interrupts off.
    using BounceOfHart = Bounce (*)();

    /// The writes in a row of which firmware may take nothing, before the text is given up: more
    /// than a second's worth. After that one try is enough, until it takes something again.
    static constexpr u32 kIdleWritesMax = 1'000'000;

    constexpr explicit FirmwareConsole(BounceOfHart bounce) : bounce_(bounce) {}

    /// Finds out which calls firmware has; until then it is the legacy one. Context: boot, before
    /// other harts run.
    void open();

    /// Writes `text`. Any context.
    void write(std::string_view text);

private:
    usize write_some(std::string_view text);

    const BounceOfHart bounce_;
    bool has_debug_console_ = false;  // const after open()
    Atomic<u32> stuck_{0};            // atomic: [firmware_console.stuck]
};

}  // namespace arch::riscv64
