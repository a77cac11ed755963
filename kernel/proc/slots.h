// Slots: taking slots of the table, naming their processes, and putting them back.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "pid/pid_ref.h"
#include "proc/proc.h"

namespace kernel::proc {

/// The door to the table for those who make and end processes.
class Slots {
public:
    /// An unused slot, which becomes kNew. Context: any.
    /// Errors: kNoProcs if as many as allowed are in use; kNoMemory.
    static Result<Proc*> take();
    /// Puts a slot back that is kNew, or kGone with its task off its stack: at once, or when the
    /// last pin goes. Context: any.
    static void put_back(Proc& proc);

    /// A number nobody has. Waits, interruptibly and no longer than numbers rest, if there would be
    /// one soon. Context: task, no lock held. Errors: kNoProcs, kInterrupted.
    static Result<pid::PidRef> new_number();
    /// Number 1. Context: boot, once.
    static Result<pid::PidRef> first_number();

    /// Gives a kNew process its number and a serial. It is not found yet.
    static void name(Proc& proc, pid::PidRef number);
    /// Lets others find it: the last step of making it.
    static void publish(Proc& proc);
    /// The end of that: from here on it is kGone, and has no number. Its debug lock is held.
    static void unpublish(Proc& proc);

private:
    friend class SlotPin;
    static Result<void> add(Proc& proc);
    static void free(Proc& proc);
};

}  // namespace kernel::proc
