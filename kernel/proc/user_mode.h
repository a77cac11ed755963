// User mode of processes: their memory, what harts do when they switch to them, and their traps.
#pragma once

#include "base/ref.h"
#include "machine/user.h"
#include "mm/address_space.h"
#include "proc/proc.h"
#include "sched/task.h"

namespace kernel::proc {

/// The door to a process's memory for who makes, replaces and drops it.
class UserMode {
public:
    /// Gives a process that is being made its memory and the name of the file that it shows, and no
    /// floating-point registers yet.
    static void start(Proc& made, Ref<mm::AddressSpace> space, Ref<chan::Path> file);
    /// Replaces the memory of the current process, or drops it (null): the hart runs in the new one
    /// when it returns. Context: task of the process, no lock held; may block.
    static void replace(Proc& self, Ref<mm::AddressSpace> space, Ref<chan::Path> file);

    /// For sched::SchedulerOptions: the hart switches to task `to`. Interrupts off.
    static void switching(sched::Task& from, sched::Task& to);

private:
    /// Makes its counts 0, as it gets its first program.
    static void begin_counts(Proc& proc) REQUIRES(proc.lock());
    /// Puts the calls that it made since the last time into the hart's statistics. Its hart,
    /// interrupts off.
    static void count_calls(Proc& proc);
};

/// The inside of the machine's upcalls of these names.
void user_entry();
bool user_exit_wanted();
void user_exit(machine::UserRegisters& registers);
/// The memory, or else a note, for what the current process's program did.
void user_trap(machine::UserRegisters& registers, machine::upcalls::UserTrap trap,
               VirtAddr address);

}  // namespace kernel::proc
