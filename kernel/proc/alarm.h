// Alarm: the one alarm of a process, which posts it the note "alarm".
#pragma once

#include "base/std.h"
#include "base/units.h"
#include "sched/timer.h"

namespace kernel::proc {

class Proc;

/// A member of its process, which alone sets it.
class Alarm : Pinned {
public:
    explicit Alarm(Proc& owner) : owner_(owner) {}

    /// Posts the note after `time`; 0: never. Returns what was left of the alarm before, or 0.
    /// Context: task of the process.
    Nanos set(Nanos time);
    /// No note comes from it any more when this returns. Context: as set().
    void cancel() { (void)timer_.cancel(); }  // ignored: it may have gone off

private:
    static void ring(sched::Timer& timer, void* alarm);

    Proc& owner_;
    Nanos when_{};  // the process's own
    sched::Timer timer_{ring, this};
};

}  // namespace kernel::proc
