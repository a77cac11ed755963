// Signals: what others ask of a process and it does at the end of its calls: notes, stop, end.
#pragma once

#include "base/std.h"
#include "base/units.h"
#include "proc/note.h"
#include "proc/notes.h"
#include "sched/rendez.h"

namespace kernel::proc {

/// What a process is to do at the end of its call, before its notes (Plan 9: procctl).
enum class Control : u8 {
    kNone,
    kStop,
    kExit,
    kExitBig,  // as kExit, because there is no memory and it has the most
};

/// How a wait for a process to stop ended.
enum class StopOutcome : u8 { kWaiting, kStopped, kExited };

/// Somebody who waits for a process to stop. Lives on the waiter's stack; who detaches it says how
/// it ended, under the process's spin lock, which the waiter takes before it leaves.
struct Debugger {
    sched::Rendez rendez;
    StopOutcome outcome = StopOutcome::kWaiting;  // guarded by that spin lock
};

/// The caller protects it (by the process's spin lock).
struct Signals {
    NoteQueue notes;
    Control control = Control::kNone;
    bool stop_at_note = false;     // stops before it meets its next note; until it stops
    bool pass_note = false;        // but not before the first, which was queued when it was started
    bool stop_at_call = false;     // stops where its program's calls begin and end; until it stops
    bool stopped = false;          // sleeps in stop_here() until someone clears it
    bool unstarted = false;        // made to begin stopped, and not started yet
    u32 writers = 0;               // who write into its memory because it is stopped
    u64 stops = 0;                 // how often it has stopped, its end as Broken too
    bool released = false;         // is told to go if it is, or becomes, Broken
    bool handling = false;         // its note handler runs: kUser notes wait
    bool interrupt_asked = false;  // `interrupt`: lasts until a blocking call ends by it
    bool let_go = false;           // it was taken out of a trace where it may wait for room
    bool unseen = false;           // a note is remembered that the program has not looked at
    u64 arrivals = 0;              // notes that were posted, queued or not
    u32 rforks_put_off = 0;        // in a row, each for notes that it then handled
    bool unwinding = false;        // told to end by the oldest note; see is_unwinding()
    bool doomed = false;           // ends by its oldest note, whatever comes
    OnEnd on_end = OnEnd::kAtOnce;  // how it ends while it has a handler
    NoteHandler handler = nullptr;
    void* handler_argument = nullptr;
    VirtAddr user_handler{};  // the program's own; 0: none
    VirtAddr user_frame{};  // the registers its handler was given last, which link to those before
    Note handled;           // what it was given
    Debugger* debugger = nullptr;  // who waits for it to stop; one at a time

    /// Whether it was told to end, other than by a note.
    bool told_to_end() const { return control == Control::kExit || control == Control::kExitBig; }

    /// Whether a note would be handled rather than end the process.
    bool handles() const { return (handler != nullptr || user_handler.value != 0) && !handling; }

    /// Whether something is asked that ends the process's sleeps.
    bool interrupt_wanted() const {
        return !notes.empty() || control != Control::kNone || interrupt_asked || let_go || unseen ||
               unwinding;
    }
};

}  // namespace kernel::proc
