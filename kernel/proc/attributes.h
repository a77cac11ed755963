// Attributes: the small settings of a process that /proc shows and changes.
#pragma once

#include "base/fixed_string.h"
#include "base/std.h"
#include "proc/limits.h"
#include "sched/real_time.h"

namespace kernel::proc {

/// The mode that the files of the first process and of kernel processes have.
inline constexpr u32 kInitialMode = 0640;

/// The first bytes of a program's words, a NUL after each; cut at a rune.
using ArgsText = FixedString<kArgsMax + 1>;

/// The caller protects it (by the process's spin lock). Children inherit what says so.
struct Attributes {
    FixedString<kNameMax> text;   // the program's name; inherited
    ArgsText args;                // its words, or what was written to `args`
    bool renamed = false;         // `args` was written: it shows as `TEXT [ARGS]`
    u32 mode = kInitialMode;      // permissions of most of its files; inherited
    bool private_memory = false;  // memory and registers are nobody's business; inherited
    bool no_swap = false;         // not to be killed for memory; inherited
    sched::RealTimeNeeds real_time;  // what it is admitted with, if has_real_time
    bool has_real_time = false;
    bool hang = false;            // stops at the end of each exec; inherited
};

}  // namespace kernel::proc
