// Core: the scheduler's inside: which task a hart runs next, and how it gets there.
#pragma once

#include "base/late.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/clock.h"
#include "machine/context.h"
#include "machine/hart.h"
#include "sched/event_ring.h"
#include "sched/fading_average.h"
#include "sched/hart_stats.h"
#include "sched/run_queue.h"
#include "sched/scheduler.h"
#include "sched/task.h"
#include "sched/timer_queue.h"

namespace kernel::sched::detail {

/// Task::on_hart_: whether a hart is on the task's stack.
///
/// States: kOff: no hart is on it; if it is ready it is in a run queue. kOn: a hart runs it or is
/// about to leave it. kOnReady: the same, and it is ready: whoever leaves it must queue it.
/// Transitions: kOff -> kOn by the hart that took it from a queue, which then looks whether its
/// harts or its priority changed since; kOn -> kOnReady by whoever makes it ready, or by itself to
/// yield; kOnReady -> kOn by its hart, if that picks it again; kOn or kOnReady -> kOff by its hart,
/// once it is on another stack.
/// Invariant (S1): a task in a run queue is kOff, so no hart waits for another to leave a stack.
/// Rejected: queueing at once and letting the next hart spin until the stack is free; two harts
/// that want each other's task would wait for ever.
inline constexpr u32 kOff = 0;
inline constexpr u32 kOn = 1;
inline constexpr u32 kOnReady = 2;

/// All of one hart.
struct HartState : Pinned {
    explicit HartState(machine::HartIndex hart) : index(hart), queue(hart) {}

    const machine::HartIndex index;
    RunQueue queue;
    TimerQueue timers;
    HartStats stats;
    EventRing events;
    Task idle;
    machine::Context boot_context;  // what called enter_scheduler(); never resumed

    // hart-local, interrupts off:
    Task* previous = nullptr;         // the task left by the switch under way
    void (*reap)(Task&) = nullptr;    // what its exit_current() was given
    Nanos slice_end{};                // when the running task's equals get their turn
    Nanos next_rebalance{};           // see kRebalancePeriod
    Nanos armed = machine::kNoAlarm;  // what the machine's alarm is set to, or earlier
    bool in_interrupt = false;
    Nanos interrupt_began{};
    FadingAverage load;  // tasks ready or running, kFullUsage each
    u32 wanted = 0;      // what `load` is to average since it was last advanced

    // atomic: written by this hart only; others read them for statistics and the watchdog.
    Atomic<u64> idle_ns{0};                // total, without the present stretch
    Atomic<u64> idle_since{0};             // when the present stretch began; 0: not idle
    Atomic<u64> interrupt_ns{0};           // total
    Atomic<u32> load_published{0};         // load.value() when last computed
    Atomic<u64> last_seen{0};              // when it last passed scheduler or timer
    Atomic<const Task*> running{nullptr};  // null: not in the scheduler yet
};

/// The scheduler. All is static: there is one per machine.
class Core {
public:
    static void init(const SchedulerOptions& options);
    [[noreturn]] static void enter(Bytes idle_stack);

    /// This hart's state. Interrupts off.
    static HartState& mine();
    static HartState& of(machine::HartIndex hart);

    /// Leaves the running task, whose state says why: kReady (on_hart_ is kOnReady), waiting, or
    /// kMoribund. Returns when it runs again. Context: interrupts off, no spin lock held.
    static void switch_away();
    /// Makes a waiting or new task ready, and sees to it that a hart takes it. Any context.
    static void make_ready(Task& task);
    /// The running task gives way, and the log says it as `why`. Context: interrupts off, no spin lock held.
    static void give_way(EventType why);
    /// Whether the running task should give way now. Context: interrupts off.
    static bool should_give_way(HartState& here, Nanos now);

    /// Queues a task again whose priority or harts changed, if it is queued. Any context.
    static void requeue(Task& task);
    /// Queues a ready task that no hart is on, or leaves it to its share when. Any context.
    static void queue(Task& task);
    /// The same of one whose share has said so.
    static void push(Task& task);
    /// Makes sure that this hart's alarm goes off at `when` at the latest. Interrupts off.
    static void want_alarm(HartState& here, Nanos when);

    static HartSet online();

    /// Adds an event of `task` to the log, if it is traced. Any context. Cost: one load if it is not.
    static void record(const Task& task, EventType type) {
        // relaxed: a value of its own.
        const u32 label = task.traced_.load(std::memory_order_relaxed);
        if (label != 0) [[unlikely]] record_slowly(label, type);
    }

    // The inside of the functions of the same names in scheduler.h.
    static void timer_interrupt();
    static void begin_interrupt(InterruptKind kind);
    static void interrupt_exit();

    /// Where every task begins; `task` is the Task.
    static void task_main(void* task);
    [[noreturn]] static void exit(Task& self, void (*reap)(Task&));

private:
    static void record_slowly(u32 label, EventType type);
    static void idle_loop();
    static Task* pick(HartState& here, Task* candidate);
    static Task* steal(HartState& here);
    static void switch_to(HartState& here, Task& from, Task& to, Nanos now);
    static void finish_switch();
    /// How long `task` may run from now on without a look at others.
    static Nanos slice_of(Task& task, Nanos now);
    static machine::HartIndex choose_hart(const Task& task, machine::HartIndex here);
    static void interrupt_for(i32 priority, HartSet allowed, machine::HartIndex target,
                              i32 running);
    static void call_thief(HartSet allowed);
    static void leave_idle(HartState& here);
    static void begin_idle(HartState& here);
    static void end_idle(HartState& here, Nanos now);
    static void update_load(HartState& here, Nanos now, bool running);
    static void rearm(HartState& here, Nanos now);
    static void rebalance(HartState& here, Nanos now);
    static void level(HartState& here);
};

/// Stops with a report if a hart that has work has not been seen for the limit. Interrupts off.
void check_for_hangs(machine::HartIndex here, HartSet harts, Nanos now, Nanos limit);

}  // namespace kernel::sched::detail
