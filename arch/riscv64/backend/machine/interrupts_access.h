// What of machine/interrupts.h is worth no call on riscv64: one bit of sstatus.
#pragma once

#include "base/std.h"

namespace kernel::machine {

/// sstatus.SIE (Privileged Architecture 1.12, section 4.1.1).
inline constexpr u64 kInterruptEnable = 2;

inline bool disable_interrupts() {
    u64 before;
    asm volatile("csrrci %0, sstatus, %1" : "=r"(before) : "i"(kInterruptEnable) : "memory");
    return (before & kInterruptEnable) != 0;
}

inline void enable_interrupts() {
    asm volatile("csrsi sstatus, %0" ::"i"(kInterruptEnable) : "memory");
}

}  // namespace kernel::machine
