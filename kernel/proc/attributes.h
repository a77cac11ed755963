// Attributes: the small settings of a process that /proc shows and changes.
#pragma once

#include "base/fixed_string.h"
#include "base/std.h"
#include "proc/limits.h"

namespace kernel::proc {

/// The mode that the files of the first process and of kernel processes have.
inline constexpr u32 kInitialMode = 0640;

/// The caller protects it (by the process's spin lock). Children inherit what says so.
struct Attributes {
    FixedString<kNameMax> text;   // the program's name; inherited
    FixedString<kArgsMax> args;   // its arguments, or what was written to `args`
    bool renamed = false;         // `args` was written: it shows as `TEXT [ARGS]`
    u32 mode = kInitialMode;      // permissions of most of its files; inherited
    bool private_memory = false;  // memory and registers are nobody's business; inherited
    bool no_swap = false;         // not to be killed for memory; inherited
    bool hang = false;            // stops at the end of each exec; inherited
};

}  // namespace kernel::proc
