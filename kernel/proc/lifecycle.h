// Lifecycle: the private parts of a process at its beginning and its end.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "proc/birth.h"
#include "proc/proc.h"

namespace kernel::proc {

/// The door to what only makers, the process itself at its end, and its reaper may touch.
class Lifecycle {
public:
    /// Gives a kNew process a stack and, if its end shall leave one, an exit record. Errors:
    /// kNoMemory.
    static Result<void> equip(Proc& proc, const Birth::Plan& plan, Waited waited);
    /// Gives the exit record its number, and keeps the maker's.
    static void keep_numbers(Proc& proc, pid::PidRef parent);
    /// A further reference to its number.
    static pid::PidRef number_of(const Proc& proc);
    /// Makes the task of a kNew process: before it becomes kLive, from when on a note to its group
    /// may interrupt it.
    static void make_task(Proc& proc, const Birth::Plan& plan);
    /// Publishes a kLive process and starts its task.
    static void start(Proc& proc);
    /// Takes all back from a kNew process.
    static void unmake(Proc& proc);

    /// How the current process ends: at once; staying Broken; or so that its memory is given back
    /// before anything else, and then said why.
    enum class Ending : u8 { kQuiet, kBroken, kForMemory };
    /// Ends the current process.
    [[noreturn]] static void end(Proc& self, std::string_view status, Ending ending);

private:
    static void task_main(void* proc);
    static void reap(sched::Task& task);
    static void set_message(Proc& self, std::string_view status);
    static void explain_without_memory(Proc& self, std::string_view status);
};

}  // namespace kernel::proc
