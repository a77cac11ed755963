// Tos: what lies at the top of a program's stack. Part of the user ABI (Plan 9: tos.h).
#pragma once

#include "base/std.h"

namespace kernel::proc {

struct Tos {
    struct Profile {
        u64 current = 0;
        u64 next = 0;
        u64 last = 0;
        u64 first = 0;
        u32 pid = 0;
        u32 what = 0;
    };
    Profile profile;
    u64 cycle_frequency = 0;  // of the clock that rdtime reads, in Hz
    i64 kernel_cycles = 0;
    i64 process_cycles = 0;
    u32 pid = 0;  // of who executed the program; its children ask the kernel
    u32 clock = 0;
};
static_assert(sizeof(Tos) == 72);

}  // namespace kernel::proc
