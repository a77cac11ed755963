// What a suspended flow of control is on riscv64: the registers a call preserves. Shared with
// assembly.
#pragma once

#define CONTEXT_RA 0
#define CONTEXT_SP 8
#define CONTEXT_S0 16

#if !defined(__ASSEMBLER__)

#include "base/assert.h"
#include "base/std.h"

namespace kernel::machine {

/// gp is constant and tp belongs to the hart, so neither is here.
struct ContextStorage {
    /// Debug builds check more, with larger frames.
    static constexpr usize kStackSize = kDebug ? 16 * 1024 : 8 * 1024;

    u64 ra = 0;
    u64 sp = 0;
    std::array<u64, 12> s{};
};
static_assert(offsetof(ContextStorage, ra) == CONTEXT_RA);
static_assert(offsetof(ContextStorage, sp) == CONTEXT_SP);
static_assert(offsetof(ContextStorage, s) == CONTEXT_S0);

}  // namespace kernel::machine

#endif
