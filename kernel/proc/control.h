// Control: what debuggers do to a process: stop, start, kill, wait for it to stop.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "proc/proc_ref.h"

namespace kernel::proc {

/// Makes `target` stop at the end of its call and waits until it has; interrupts what it waits for.
/// At once if it is stopped or Broken already; on itself it only arms.
/// Context: task of a process, interrupts on, no lock held. May block.
/// Errors:  kProcessExited if it is gone or goes; kInUse if another debugger waits for it;
///          kInterrupted, and then the request stays.
Result<void> stop(ProcRef target);
/// Only waits, as stop().
Result<void> wait_stopped(ProcRef target);
/// Lets a stopped process go on. Errors: kBadCtl if it is not stopped; kProcessExited.
Result<void> start(ProcRef target);
/// Lets a stopped process go on and waits until it stops again: before it meets a note, which stays
/// queued. A note that is queued already is met first. Context: as stop(). Errors: as start() and
/// stop(); after kInUse it is stopped still.
Result<void> start_to_note(ProcRef target);
/// The same: where its program makes its next call, or comes to the end of the one that it is
/// stopped at; `syscall` tells which. Children that it makes meanwhile stop so too.
Result<void> start_to_call(ProcRef target);
/// Ends a process: releases it if it is Broken, else makes it end at the end of its call, which is
/// interrupted; a stopped one goes on to its end. Errors: kProcessExited.
Result<void> kill(ProcRef target);
/// The same for one that has the most memory when there is none; it says so when it ends.
Result<void> kill_for_memory(ProcRef target);
/// Sets the pending interrupt without a note: the blocking call it is in, or else the next one,
/// ends with kInterrupted. Errors: kProcessExited.
Result<void> interrupt(ProcRef target);
/// Clears it. Errors: kNotesPending if notes are queued; kProcessExited.
Result<void> clear_interrupt(ProcRef target);

}  // namespace kernel::proc
