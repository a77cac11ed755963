// Broken processes: ended by a note that says something is wrong, and kept for a debugger.
#pragma once

#include "base/std.h"
#include "proc/proc.h"

namespace kernel::proc {

/// Makes the current process, which is kExiting, Broken; the oldest of more than kBrokenKept is
/// released. Before its parent is told of its end, so that who knows of that finds it Broken.
/// Context: task of a process, no lock held.
void become_broken(Proc& self);
/// Keeps it so until it is released; it may have been already. Context: as above.
void stay_broken(Proc& self);

/// Lets the Broken `proc` go on to its end. Its spin lock is held.
void release_broken_locked(Proc& proc) REQUIRES(proc.lock());

/// Releases all; whether there were any. Context: task, no lock held.
bool release_all_broken();

/// Forgets all. Context: boot.
void reset_broken();

}  // namespace kernel::proc
