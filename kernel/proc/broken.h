// Broken processes: ended by a note that says something is wrong, and kept for a debugger.
#pragma once

#include "base/std.h"
#include "proc/proc.h"

namespace kernel::proc {

/// Keeps the current process, which is kExiting, as Broken until it is released; the oldest of more
/// than kBrokenKept is released. Context: task of a process, no lock held.
void stay_broken(Proc& self);

/// Lets the Broken `proc` go on to its end. Its spin lock is held.
void release_broken_locked(Proc& proc) REQUIRES(proc.lock());

/// Releases all; whether there were any. Context: task, no lock held.
bool release_all_broken();

/// Forgets all. Context: boot.
void reset_broken();

}  // namespace kernel::proc
