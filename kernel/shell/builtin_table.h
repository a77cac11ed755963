// The table of the in-kernel shell's builtins.
#pragma once

#include "base/std.h"
#include "shell/rc/builtin.h"

namespace kernel::shell {

/// One row per command; `help` and completion come from the same rows.
std::span<const rc::Builtin> builtin_table();

}  // namespace kernel::shell
