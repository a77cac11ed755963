// exits: how a process ends.
#pragma once

#include "base/std.h"
#include "proc/note.h"

namespace kernel::proc {

/// Ends the current process. `status` is empty for success, and cut to kNoteMax - 1 bytes; a
/// process that unwinds ends by what it was told instead (is_unwinding() in notes.h). Gives
/// back what it holds, hands its children to pid 1, and leaves an exit record with its parent.
/// Pid 1 may not end: PANIC.
/// Context: task of a process, interrupts on, no lock held. May block in closing channels.
[[noreturn]] void exits(std::string_view status);

/// The same for a process that ends by a note it does not handle: a kDebug note is reported on
/// descriptor 2 and keeps the process Broken until a debugger or a later Broken one releases it.
[[noreturn]] void exits_by_note(NoteKind kind, std::string_view text);

/// The same for a program that was told to end (kill() and kill_for_memory() in control.h).
[[noreturn]] void exits_killed();

}  // namespace kernel::proc
