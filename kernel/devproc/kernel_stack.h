// What a process that is on no hart has on its kernel stack.
#pragma once

#include "base/optimistic_read.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/backtrace.h"
#include "proc/proc.h"

namespace kernel::devproc {

/// Calls `look` while `task` is on no hart; whether it was so from beginning to end, so that what
/// was looked at is of one moment. Its hart writes what it saves of a task when it leaves it, and
/// has counted a switch before that.
template <class Look>
bool while_off_hart(const sched::Task& task, Look&& look) {
    const u64 switches = task.switches();
    if (task.on_hart()) return false;
    look();
    fence_after_loads();  // before it is asked again; pairs with [task.on], behind which a hart writes
    return !task.on_hart() && task.switches() == switches;
}

/// Return addresses, innermost first. A value.
struct KernelStack {
    std::array<VirtAddr, 24> places{};
    usize count = 0;

    std::span<const VirtAddr> all() const { return std::span(places).first(count); }

    /// That of `process`, empty while it runs. Any context.
    static KernelStack of(const proc::Proc& process) REQUIRES(process.lock());

    /// The function in which it waits: the innermost that is not of the scheduler; its name is
    /// empty if there is none. Any context. Cost: O(functions of the kernel), so not under a hold.
    machine::Symbol waits_in() const;
};

}  // namespace kernel::devproc
