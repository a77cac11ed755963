// Notes: sending them to a process or a group, handling them, and what acts at the end of calls.
#pragma once

#include "base/error.h"
#include "base/result.h"
#include "base/std.h"
#include "proc/note.h"
#include "proc/note_group.h"
#include "proc/proc_ref.h"
#include "sched/task.h"

namespace kernel::proc {

/// Queues a note for `target` and interrupts what it waits for. `text` is cut to kNoteMax - 1
/// bytes. A note of the kernel empties the queue first when nobody would handle it, so that it is
/// the one that is seen.
/// Context: any. Locks: the process's, run queue.
/// Errors:  kProcessExited if it is gone; kNoteNotPosted if the queue is full, or if the process
///          is a kernel process, Broken or ending.
Result<void> post_note(ProcRef target, NoteKind kind, std::string_view text);

/// Posts a kUser note to every member of `group` but the current process and kernel processes;
/// full queues are skipped. A process that is being made meanwhile either gets the note or is not
/// made: its maker is interrupted. Context: task of a process, no lock held. Cost: O(members), with
/// preemption points.
void post_to_group(NoteGroup& group, std::string_view text);

/// The same to every member of the group of process number `pid` alive now, which is what Ctrl-C
/// does: it spares nobody, as the process that an interrupt finds running did not ask for it.
/// Context: task or interrupt, no lock held. Errors:  kNotExist.
Result<void> post_to_group_of(u32 pid, std::string_view text);

/// Takes the oldest note of `target` off its queue, for the reader of /proc/n/note; nothing if
/// there is none. With the last one goes the interrupt that it meant. Context: any. Errors:
/// kProcessExited.
Result<std::optional<Note>> take_note(ProcRef target);

/// What a note handler answers.
enum class NoteAnswer : u8 {
    kHandled,     // go on
    kRemembered,  // go on, but see_notes() will be called: until then no call sleeps
    kDefault,     // do what happens without handler: end the process with the note as status
};

/// A function that a kernel-resident process handles its notes by: called at the end of one of its
/// calls, as the process, interrupts on. It may make calls; kUser notes that come meanwhile wait.
using NoteHandler = NoteAnswer (*)(void* argument, const Note& note);

/// How a process with a note handler ends when it is told to, by ctl `kill` or a note that its
/// handler leaves to the default.
enum class OnEnd : u8 {
    kAtOnce,   // where it is: end_of_call() does not return
    kUnwinds,  // its calls fail from then on, until it gives back what it has and calls exits()
};

/// Sets the handler of the current process; null: the default again. Children begin without one,
/// because `argument` is their maker's.
void set_note_handler(NoteHandler handler, void* argument, OnEnd on_end = OnEnd::kAtOnce);

/// The current process has looked at the notes that its handler remembered. Between a remembered
/// note and this, its next call that would sleep fails with kInterrupted instead, so that a note
/// that comes between two calls is not slept over. Context: task of a process.
void see_notes();

namespace detail {

/// What the functions of the same names below do when the interrupt flag is set.
[[gnu::cold]] bool is_unwinding();
[[gnu::cold]] void end_of_call(bool interrupted);

}  // namespace detail

/// Whether the current process was told to end and unwinds. From then on its interrupt flag stays
/// set, so that nothing it does blocks; it takes no notes, makes no processes, and does not stop;
/// and exits() says why it ends, whatever status it is given.
/// Context: task of a process. Cost: one load unless an interrupt is pending.
inline bool is_unwinding() {
    return sched::Task::current().interrupt_pending() && detail::is_unwinding();
}

/// Does what was asked of the current process while it was in a call: ends it, stops it, handles
/// its notes. Does not return from an end unless the process unwinds. `result` is what the call
/// returns, if it is one: a call that ends with kInterrupted has used up a pending `interrupt`
/// message. Context: task of a process, interrupts on, no lock held. Cost: one load when there is
/// nothing.
template <class T = void>
void end_of_call(const Result<T>& result = {}) {
    if (sched::Task::current().interrupt_pending()) [[unlikely]] {
        detail::end_of_call(!result.ok() && result.error() == Error::kInterrupted);
    }
}

/// `result`, after end_of_call() for it: `return proc::call_done(f());`.
template <class T>
Result<T> call_done(Result<T> result) {
    end_of_call(result);
    return result;
}

}  // namespace kernel::proc
