// The scheduler's front: boot, interrupt glue, reports.
#include "sched/scheduler.h"

#include "base/assert.h"
#include "sched/core.h"

namespace kernel::sched {

using detail::Core;
using detail::HartState;

void init(const SchedulerOptions& options) { Core::init(options); }
void enter_scheduler(Bytes idle_stack) { Core::enter(idle_stack); }

void timer_interrupt() { Core::timer_interrupt(); }
void ipi_interrupt() { Core::begin_interrupt(InterruptKind::kIpi); }
void device_interrupt() { Core::begin_interrupt(InterruptKind::kDevice); }
void interrupt_exit() { Core::interrupt_exit(); }

void want_timer_within(Nanos span) { Core::want_alarm(Core::mine(), machine::now() + span); }

const Task* running_on(machine::HartIndex hart) {
    HartState& state = Core::of(hart);
    // relaxed: a snapshot; a task is never given back while the machine panics.
    const Task* task = state.running.load(std::memory_order_relaxed);
    return task == &state.idle ? nullptr : task;
}

void print_run_queues(Sink& sink) {
    for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
        const Task* task = running_on(hart);
        if (task == nullptr) {
            format_to(sink, "hart {}: idle; ready:", hart);
        } else {
            const std::string_view reason = task->wait_reason();
            format_to(sink, "hart {}: {} {} {}; ready:", hart, task->name(),
                      task_state_name(task->state()), reason);
        }
        Core::of(hart).queue.print(sink);
        sink.write("\n");
    }
}

u32 runnable_tasks() {
    u32 count = 0;
    for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
        count += Core::of(hart).queue.ready() + (running_on(hart) != nullptr ? 1 : 0);
    }
    return count;
}

}  // namespace kernel::sched
