// The scheduler as the boot code, the interrupt glue and panics see it.
#pragma once

#include "base/format.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/hart.h"
#include "sched/task.h"

namespace kernel::sched {

/// What the scheduler needs to know of those above it.
struct SchedulerOptions {
    /// Called at each switch, interrupts off, no lock held, on the old task's stack: makes the
    /// address space of `to` the hart's. Null: nothing to do.
    void (*switching)(Task& from, Task& to) = nullptr;
    /// A hart that has work and passes neither scheduler nor timer for this long is reported by
    /// PANIC, by another hart. 0: no watchdog.
    Nanos hang_limit{};
};

/// Makes the scheduler ready; tasks may be made and started after it. Context: boot hart, before
/// other harts run; once per boot.
void init(const SchedulerOptions& options);

/// Makes this hart run tasks. What called it ends here; `idle_stack` is the stack of the hart's
/// idle task, machine::kKernelStackSize or more, and stays the hart's for good. Context: boot, once
/// per hart, interrupts off.
[[noreturn]] void enter_scheduler(Bytes idle_stack);

// --- What upcalls must call, in the upcall of the same name; interrupts off. ---

void timer_interrupt();
void ipi_interrupt();
/// For interrupts that are neither: at the beginning of upcalls::external().
void device_interrupt();
/// Ends the interrupt; may switch to another task.
void interrupt_exit();

/// Lets the timer interrupt this hart within so long. Context: interrupts off.
void want_timer_within(Nanos span);

// --- Looking at it. ---

/// Calls `use(task)` for the task that runs on `hart`; not for idle. For panics and debuggers.
const Task* running_on(machine::HartIndex hart);
/// Prints what each hart runs and which tasks are ready. For panics and deadlock reports: takes no
/// lock.
void print_run_queues(Sink& sink);
/// Tasks that are ready or running, on all harts. A snapshot. Cost: O(harts).
u32 runnable_tasks();

}  // namespace kernel::sched
