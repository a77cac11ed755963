// Delivery: the inside of posting notes, for those who hold the process's spin lock already.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "proc/note.h"
#include "proc/proc.h"

namespace kernel::proc {

/// Queues a note for `proc`, whose spin lock is held, and interrupts what it waits for.
/// Errors: kNoteNotPosted if the queue is full, or if it is a kernel process or not kLive.
Result<void> post_locked(Proc& proc, NoteKind kind, std::string_view text) REQUIRES(proc.lock());

/// Whether something waits that `proc` must meet at the end of its call and may not outrun by
/// making processes: its end, or a note that would be handled or end it. Its spin lock is held.
bool has_pending_locked(Proc& proc) REQUIRES(proc.lock());

/// What a process does next at the end of its call.
struct Next {
    enum class Action : u8 { kNothing, kEnd, kStop, kHandle, kDie };

    Action action = Action::kNothing;
    NoteHandler handler = nullptr;  // kHandle: the kernel's; null: the program's
    void* argument = nullptr;
};

/// Decides what comes first, and takes the note into `note` if it is one. From here on a note or
/// request that comes sets the interrupt flag anew, so none is missed. `blocked`: the call was
/// ended by the flag. Context: the process itself.
Next take_next(Proc& self, bool blocked, Note& note);

/// Whoever waits for `proc` to stop has waited long enough: lets go of it. Its spin lock is held.
void detach_debugger_locked(Proc& proc, StopOutcome outcome) REQUIRES(proc.lock());

/// Sleeps as Stopped if that was asked of the current process. Context: as end_of_call().
void stop_here(Proc& self);

}  // namespace kernel::proc
