// The word for what a process does, as status and its relatives show it.
#pragma once

#include "base/std.h"
#include "proc/proc.h"

namespace kernel::devproc {

/// The call it is in, else what its task does. Static storage.
std::string_view state_word(proc::Proc& process) REQUIRES(process.lock());

}  // namespace kernel::devproc
