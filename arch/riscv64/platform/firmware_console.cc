// Whole texts through calls that take a part.
#include "arch/riscv64/platform/firmware_console.h"

#include "arch/riscv64/platform/sbi.h"
#include "machine/interrupts.h"

namespace arch::riscv64 {

void FirmwareConsole::open() { has_debug_console_ = sbi::has(sbi::Extension::kConsole); }

void FirmwareConsole::write(std::string_view text) {
    if (!has_debug_console_) {
        for (char byte : text) sbi::legacy_putchar(byte);
        return;
    }
    const kernel::machine::InterruptsOff off;  // the bounce buffer is the hart's
    while (!text.empty()) text.remove_prefix(write_some(text));
}

/// Writes what firmware takes of `text`, at most a bounce buffer full; returns how much of it is
/// done with, written or lost.
usize FirmwareConsole::write_some(std::string_view text) {
    const Bounce bounce = bounce_();
    const usize size = std::min(text.size(), bounce.room.size());
    std::copy_n(text.data(), size, bounce.room.data());
    // relaxed (all of stuck_): it only bounds a wait.
    u32 tries = stuck_.load(std::memory_order_relaxed) != 0 ? 1 : kIdleWritesMax;
    for (; tries > 0; --tries) {
        const sbi::Reply reply = sbi::console_write(bounce.at, size);
        if (!reply.ok()) return size;  // a broken console loses text
        if (reply.value == 0) continue;
        stuck_.store(0, std::memory_order_relaxed);
        return std::min<usize>(reply.value, size);
    }
    stuck_.store(1, std::memory_order_relaxed);
    return size;
}

}  // namespace arch::riscv64
