// What of machine/hart.h is worth no call on riscv64: tp points at the running hart's block.
#pragma once

#include "base/std.h"

namespace kernel::machine {

/// Where arch/riscv64/hart.h has these in the block; checked there.
inline constexpr usize kCurrentFlowOffset = 8;
inline constexpr usize kHartIndexOffset = 40;
inline constexpr usize kSpinLocksHeldOffset = 44;

inline u32 hart_index() {
    u32 index;
    asm volatile("lw %0, %1(tp)" : "=r"(index) : "i"(kHartIndexOffset));
    return index;
}

inline void* current_flow() {
    void* flow;
    // One load relative to tp: wherever this runs, it is that hart's word.
    asm volatile("ld %0, %1(tp)" : "=r"(flow) : "i"(kCurrentFlowOffset) : "memory");
    return flow;
}

inline u32& spin_locks_held() {
    std::byte* block;
    asm volatile("mv %0, tp" : "=r"(block));
    return *reinterpret_cast<u32*>(block + kSpinLocksHeldOffset);
}

}  // namespace kernel::machine
