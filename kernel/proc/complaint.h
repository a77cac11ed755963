// What the kernel says about a program on the program's own descriptor 2 (Plan 9: pprint).
#pragma once

#include "base/std.h"
#include "proc/proc.h"

namespace kernel::proc {

/// Writes `NAME PID: TEXT` as a line to descriptor 2 of `self`, the current process; false if that
/// is not open for writing, or the write fails. Context: task of the process, interrupts on, no
/// lock held. May block as the write does, unless the process is interrupted.
bool complain(Proc& self, std::string_view text);

/// Says why `self`, the current process, ends: as complain(), or if that fails in the kernel's log.
/// Context: as complain().
void explain(Proc& self, std::string_view why);

}  // namespace kernel::proc
