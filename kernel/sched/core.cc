// The scheduler's inside: picking, switching, queueing.
#include "sched/core.h"

#include "base/assert.h"
#include "base/lowest_bit.h"
#include "machine/interrupts.h"
#include "sched/waits.h"
#include "sync/held_locks.h"

namespace kernel::sched::detail {
namespace {

constexpr HartSet bit(machine::HartIndex hart) { return HartSet{1} << hart; }

/// Const after init() but for the atomics.
struct Global : Pinned {
    SchedulerOptions options;
    Atomic<HartSet> online{0};  // atomic: [sched.online] harts that entered
    Atomic<HartSet> idle{0};    // atomic: [sched.idle] harts that have nothing to do
};

// Made by init(); hart n's state is its own but for what says otherwise.
constinit Late<Global> global;
constinit machine::PerHart<Late<HartState>> harts;

}  // namespace

void Core::init(const SchedulerOptions& options) {
    global.make().options = options;
    for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
        harts.of(hart).make(hart);
    }
    init_real_time();
    machine::set_current_flow(nullptr);
}

HartState& Core::mine() { return harts.mine().get(); }
HartState& Core::of(machine::HartIndex hart) { return harts.of(hart).get(); }

HartSet Core::online() {
    // [sched.online] acquire: pairs with acq_rel in enter(): the hart's state is complete.
    return global->online.load(std::memory_order_acquire);
}

// --- Becoming ready. ---

void Core::make_ready(Task& task) {
    if (task.real_time_.admitted()) [[unlikely]] task.real_time_.wake(machine::now());
    task.set_state(TaskState::kReady);
    record(task, EventType::kReady);
    u32 on = kOn;
    // [task.on] acq_rel: the state is kReady before the hart that leaves the task looks; if no hart
    // is on it, what that hart saved is seen; pairs with acq_rel in finish_switch().
    if (task.on_hart_.compare_exchange(on, kOnReady, std::memory_order_acq_rel)) return;
    DEBUG_ASSERT(on == kOff);
    queue(task);
}

void Core::queue(Task& task) {
    const machine::InterruptsOff off;
    if (task.real_time_.admitted() && task.real_time_.ready(machine::now()) == Turn::kWaits) [[unlikely]] return;
    push(task);
}

void Core::push(Task& task) {
    const machine::InterruptsOff off;
    for (;;) {  // ends when its harts do not change between; each turn somebody else did that
        const machine::HartIndex target = choose_hart(task, machine::hart_index());
        const std::optional<RunQueue::Pushed> pushed = of(target).queue.push(task);
        if (!pushed) continue;
        // From here on the task may run, and be gone.
        interrupt_for(pushed->level, pushed->harts, target, pushed->running);
        return;
    }
}

/// An idle hart if there is one, the one it ran on before others, because its caches are warm.
machine::HartIndex Core::choose_hart(const Task& task, machine::HartIndex here) {
    const HartSet up = online();
    HartSet allowed = task.harts() & up;
    if (allowed == 0) {
        // Boot: the hart is not in the scheduler yet and will find the task when it is.
        const HartSet later = task.harts() & machine_harts();
        ASSERT(later != 0);
        return static_cast<machine::HartIndex>(lowest_bit(later));
    }
    const machine::HartIndex last = task.hart();
    // relaxed: a hint; interrupt_for() looks again after the push.
    const HartSet idle = global->idle.load(std::memory_order_relaxed) & allowed;
    if (idle != 0) {
        if ((idle & bit(last)) != 0) return last;
        return static_cast<machine::HartIndex>(lowest_bit(idle));
    }
    if ((allowed & bit(last)) != 0) return last;
    if ((allowed & bit(here)) != 0) return here;
    return static_cast<machine::HartIndex>(lowest_bit(allowed));
}

/// Interrupts whoever should look at the task just queued at `target`, which runs something of
/// priority `running`.
void Core::interrupt_for(i32 priority, HartSet allowed, machine::HartIndex target, i32 running) {
    HartState& here = mine();
    if (running < priority) {
        // The interrupt's end is where this hart looks anyway.
        if (target == here.index && here.in_interrupt) return;
        // The idle task looks before it waits, and nobody but it runs here now.
        if (target == here.index && running == kNothingRuns) return;
        // Claimed, so that the next task goes to another idle hart.
        // relaxed: a hint to others; the hart itself sets it again before it waits.
        global->idle.fetch_and(~bit(target), std::memory_order_relaxed);
        machine::send_ipi(target);
        return;
    }
    // The target has better to do.
    call_thief(allowed);
}

/// Lets one idle hart of `allowed` come and steal, if there is one.
void Core::call_thief(HartSet allowed) {
    // [sched.idle] seq_cst: after the push; pairs with seq_cst in idle_loop(): either that hart
    // sees the task or this one sees that it is idle.
    const HartSet idle = global->idle.load(std::memory_order_seq_cst) & allowed;
    if (idle == 0) return;
    const auto thief = static_cast<machine::HartIndex>(lowest_bit(idle));
    // relaxed: a hint to others, as in interrupt_for().
    global->idle.fetch_and(~bit(thief), std::memory_order_relaxed);
    machine::send_ipi(thief);
}

/// This hart has something to do, and is idle no more. A task may wait that was queued here because
/// it was, or for which it was called to steal: another hart that is idle is called for that one.
void Core::leave_idle(HartState& here) {
    // [sched.idle] seq_cst: before the look; pairs with seq_cst in call_thief(): whoever saw this
    // hart idle has queued its task before.
    const HartSet before = global->idle.fetch_and(~bit(here.index), std::memory_order_seq_cst);
    HartSet idle = before & ~bit(here.index);
    for (machine::HartIndex hart = 0; idle != 0 && hart < machine::hart_count(); ++hart) {
        HartSet thieves = of(hart).queue.thieves(idle);
        idle &= ~thieves;
        // relaxed: a hint to others, as in interrupt_for().
        if (thieves != 0) global->idle.fetch_and(~thieves, std::memory_order_relaxed);
        for (; thieves != 0; thieves &= thieves - 1) {
            machine::send_ipi(static_cast<machine::HartIndex>(lowest_bit(thieves)));
        }
    }
}

void Core::requeue(Task& task) {
    const machine::InterruptsOff off;
    for (;;) {  // ends when the task is found queued or not; each turn somebody else moved it
        // [queue.requeue] seq_cst: after the change; see RunQueue::link().
        const u32 at = task.queued_at_.load(std::memory_order_seq_cst);
        if (at == 0) break;
        if (of(at - 1).queue.remove(task)) {
            queue(task);
            return;
        }
    }
    // If it runs, its hart looks at the end of this interrupt. If nobody runs it, whoever is about
    // to sees the change: see switch_to() and RunQueue::link().
    // [queue.requeue] seq_cst: after the change.
    if (task.on_hart_.load(std::memory_order_seq_cst) != kOff) machine::send_ipi(task.hart());
}

// --- Leaving a task and going to another. ---

void Core::give_way(EventType why) {
    Task& self = Task::current();
    record(self, why);
    self.set_state(TaskState::kReady);
    // relaxed: nobody else touches the word of a running task that does not wait.
    self.on_hart_.store(kOnReady, std::memory_order_relaxed);
    switch_away();
}

bool Core::should_give_way(HartState& here, Nanos now) {
    Task& self = Task::current();
    if ((self.harts() & bit(here.index)) == 0) return true;
    if (self.real_time_.admitted()) [[unlikely]] {
        self.real_time_.look(now);
        here.queue.set_running(self.priority(), self.real_time_.due());
        if (self.priority() == kRealTimePriority) return here.queue.first_due() < self.real_time_.due();
    }
    // Somebody has changed it, or its share has ended. Before the look: whoever queues a task later
    // knows it.
    if (here.queue.running() != self.priority()) [[unlikely]] {
        here.queue.set_running(self.priority(), kNeverDue);
    }
    const i32 best = here.queue.best();
    if (best == kNothingRuns) return false;
    if (now >= here.slice_end && !self.fixed_priority()) {
        update_load(here, now, true);
        (void)self.charge(now);  // ignored: it is in the account
        self.reprioritize_running(now, here.load.value());
        here.queue.set_running(self.priority(), kNeverDue);
        return here.queue.best() >= i32{self.priority()};
    }
    return best > i32{self.priority()};
}

void Core::switch_away() {
    ASSERT(!machine::interrupts_enabled());
    ASSERT(sync::held_spin_locks() == 0);
    HartState& here = mine();
    Task& from = Task::current();
    DEBUG_ASSERT(from.state() != TaskState::kRunning);
    const Nanos now = machine::now();
    // relaxed: the watchdog's; nothing orders on it.
    here.last_seen.store(now.value, std::memory_order_relaxed);
    (void)from.charge(now);  // ignored: it is in the account
    from.reprioritize_running(now, here.load.value());

    if (is_waiting(from.state())) record(from, EventType::kSleep);
    // [task.on] acquire: if somebody made it ready, the state is seen; pairs with acq_rel in
    // make_ready().
    const bool is_ready = from.on_hart_.load(std::memory_order_acquire) == kOnReady;
    Task* candidate =
        is_ready && &from != &here.idle && (from.harts() & bit(here.index)) != 0 ? &from : nullptr;
    if (from.real_time_.admitted()) [[unlikely]] {
        from.real_time_.charge(now);
        if (!from.real_time_.may_go_on(now)) candidate = nullptr;
    }
    Task* next = pick(here, candidate);
    if (next == nullptr) next = &here.idle;
    update_load(here, now, next != &here.idle);
    if (next == &from) {
        from.set_state(TaskState::kScheding);
        record(from, from.priority() == kRealTimePriority ? EventType::kEdf : EventType::kRun);
        // relaxed: as in give_way(): it is this hart's again.
        from.on_hart_.store(kOn, std::memory_order_relaxed);
        from.set_state(TaskState::kRunning);
        here.slice_end = now + slice_of(from, now);
        want_alarm(here, here.slice_end);
        return;
    }
    switch_to(here, from, *next, now);
}

/// The best task for this hart: `candidate` if it is better than all that wait here.
Task* Core::pick(HartState& here, Task* candidate) {
    const Priority least = candidate == nullptr ? Priority{0} : candidate->priority();
    const i32 otherwise = candidate == nullptr ? kNothingRuns : i32{least};
    const Nanos due = candidate != nullptr && least == kRealTimePriority ? candidate->real_time_.due() : kNeverDue;
    Task* task = here.queue.take(least, otherwise, due);
    if (task != nullptr) return task;
    return candidate != nullptr ? candidate : steal(here);
}

/// A task from another hart's queue; null if no queue has one for this hart.
Task* Core::steal(HartState& here) {
    const u32 count = machine::hart_count();
    for (u32 step = 1; step < count; ++step) {
        HartState& victim = of((here.index + step) % count);
        if (victim.queue.ready() == 0) continue;
        Task* task = victim.queue.steal(here.index);
        if (task == nullptr) continue;
        here.queue.set_running(task->priority(), kNeverDue);
        // A task that was queued here a moment ago, because this hart was idle, would wait now.
        if (here.queue.ready() != 0) leave_idle(here);
        return task;
    }
    return nullptr;
}

void Core::switch_to(HartState& here, Task& from, Task& to, Nanos now) {
    to.set_state(TaskState::kScheding);
    record(to, to.priority() == kRealTimePriority ? EventType::kEdf : EventType::kRun);
    // relaxed: before on_hart_, which says that it means something.
    to.hart_.store(here.index, std::memory_order_relaxed);
    // [queue.requeue] seq_cst: before reading priority and harts; pairs with requeue(), which reads
    // it after they were changed: one of the two sees the other. A task taken a moment ago was
    // neither queued nor on a hart, so that requeue() found it nowhere.
    to.on_hart_.store(kOn, std::memory_order_seq_cst);
    if ((to.harts() & bit(here.index)) == 0 || to.priority() != to.queued_level_) [[unlikely]] {
        machine::send_ipi(here.index);
    }
    // relaxed (both): the task is this hart's until it is on another stack again.
    to.switches_.store(to.switches_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    to.charged_ = now;
    to.usage_.advance(now, 0);
    here.stats.switches.add();
    here.previous = &from;
    // relaxed: debuggers' and statistics'.
    here.running.store(&to, std::memory_order_relaxed);
    if (&to != &here.idle) {
        here.slice_end = now + slice_of(to, now);
        want_alarm(here, here.slice_end);
    }
    machine::set_current_flow(&to);
    if (global->options.switching != nullptr) global->options.switching(from, to);
    machine::switch_context(from.context_, to.context_);
    finish_switch();
}

/// The first thing on the stack switched to: deals with the task that was left.
void Core::finish_switch() {
    HartState& here = mine();
    Task::current().set_state(TaskState::kRunning);
    Task* previous = std::exchange(here.previous, nullptr);
    if (previous == nullptr) return;
    if (previous->state() == TaskState::kMoribund) {
        machine::discard_context(previous->context_);
        // relaxed: reap() runs on this hart.
        previous->on_hart_.store(kOff, std::memory_order_relaxed);
        previous->set_state(TaskState::kDead);
        void (*reap)(Task&) = std::exchange(here.reap, nullptr);
        if (reap != nullptr) reap(*previous);
        return;
    }
    // [task.on] acq_rel: its context is saved before anybody takes the task, and its being made
    // ready is seen; pairs with acq_rel in make_ready(). Unless it is to be queued here, the task
    // may run elsewhere, and be gone, right after.
    const u32 was = previous->on_hart_.exchange(kOff, std::memory_order_acq_rel);
    if (was == kOnReady && previous != &here.idle) queue(*previous);
}

void Core::task_main(void* argument) {
    Task& self = *static_cast<Task*>(argument);
    finish_switch();
    if (&self == &mine().idle) idle_loop();
    machine::enable_interrupts();
    self.entry_(self.argument_);
    exit(self, nullptr);
}

void Core::exit(Task& self, void (*reap)(Task&)) {
    Waits::check_may_sleep();
    ASSERT(self.sleep_lock_count_ == 0);
    machine::disable_interrupts();
    record(self, EventType::kDead);
    mine().reap = reap;
    self.set_state(TaskState::kMoribund);
    switch_away();
    PANIC("{} runs after its end", self.name());
}

// --- Harts. ---

void Core::enter(Bytes idle_stack) {
    ASSERT(!machine::interrupts_enabled());
    HartState& here = mine();
    const Nanos now = machine::now();
    here.next_rebalance = now + kRebalancePeriod;
    // relaxed: the watchdog's.
    here.last_seen.store(now.value, std::memory_order_relaxed);
    here.idle.init({.name = "idle",
                    .stack = idle_stack,
                    .priority = 0,
                    .fixed_priority = true,
                    .harts = bit(here.index)});
    here.idle.set_state(TaskState::kReady);
    here.idle.set_state(TaskState::kScheding);
    // relaxed: nobody else knows the idle task.
    here.idle.on_hart_.store(kOn, std::memory_order_relaxed);
    here.idle.hart_.store(here.index, std::memory_order_relaxed);
    // relaxed: for statistics and debuggers.
    here.running.store(&here.idle, std::memory_order_relaxed);
    machine::set_current_flow(&here.idle);
    // [sched.online] acq_rel: this hart's state is complete; pairs with acquire in online().
    global->online.fetch_or(bit(here.index), std::memory_order_acq_rel);
    machine::switch_context(here.boot_context, here.idle.context_);
    PANIC("hart {} is back in its boot code", here.index);
}

/// What the idle task does: look for work, else wait for an interrupt. Interrupts are off but for
/// the moment in which pending ones are taken. Intended endless.
void Core::idle_loop() {
    HartState& here = mine();  // the idle task never moves
    for (;;) {
        // [sched.idle] seq_cst: before the look; pairs with seq_cst in call_thief().
        global->idle.fetch_or(bit(here.index), std::memory_order_seq_cst);
        if (Task* task = pick(here, nullptr); task != nullptr) {
            leave_idle(here);
            const Nanos now = machine::now();
            end_idle(here, now);
            update_load(here, now, true);
            here.idle.set_state(TaskState::kReady);
            switch_to(here, here.idle, *task, now);
            continue;
        }
        begin_idle(here);
        machine::wait_for_interrupt();
        global->idle.fetch_and(~bit(here.index), std::memory_order_relaxed);  // relaxed: a hint
        machine::enable_interrupts();
        machine::disable_interrupts();
    }
}

void Core::begin_idle(HartState& here) {
    // relaxed (all): statistics and the watchdog's.
    if (here.idle_since.load(std::memory_order_relaxed) != 0) return;
    const Nanos now = machine::now();
    here.idle_since.store(std::max<u64>(now.value, 1), std::memory_order_relaxed);
    rearm(here, now);
}

void Core::end_idle(HartState& here, Nanos now) {
    // relaxed (all): statistics and the watchdog's.
    here.last_seen.store(now.value, std::memory_order_relaxed);
    const u64 since = here.idle_since.load(std::memory_order_relaxed);
    if (since == 0) return;
    here.idle_since.store(0, std::memory_order_relaxed);
    here.idle_ns.store(here.idle_ns.load(std::memory_order_relaxed) + now.value - since,
                       std::memory_order_relaxed);
}

void Core::update_load(HartState& here, Nanos now, bool running) {
    // The level until now is what was last published as wanted.
    here.load.advance(now, here.wanted);
    here.wanted = kFullUsage * (here.queue.ready() + (running ? 1 : 0));
    // relaxed: statistics.
    here.load_published.store(here.load.value(), std::memory_order_relaxed);
}

// --- Interrupts. ---

void Core::begin_interrupt(InterruptKind kind) {
    HartState& here = mine();
    if (Task* const task = Task::current_or_null(); task != nullptr) {
        task->count(kind);
        record(*task, EventType::kInts);
    }
    here.in_interrupt = true;
    here.interrupt_began = machine::now();
    here.stats.interrupts.add();
}

void Core::timer_interrupt() {
    begin_interrupt(InterruptKind::kTimer);
    HartState& here = mine();
    here.armed = machine::kNoAlarm;
    const Nanos now = here.interrupt_began;
    // relaxed: the watchdog's.
    here.last_seen.store(now.value, std::memory_order_relaxed);
    here.timers.run_due(now);
    if (now >= here.next_rebalance) rebalance(here, now);
    const Nanos limit = global->options.hang_limit;
    if (limit != Nanos{}) check_for_hangs(here.index, online(), now, limit);
    rearm(here, now);
}

/// Once a second: tasks that wait get back the priority that their waiting has earned, or go where
/// it is enough.
void Core::rebalance(HartState& here, Nanos now) {
    here.next_rebalance = now + kRebalancePeriod;
    update_load(here, now, Task::current_or_null() != &here.idle);
    here.queue.reprioritize(now, here.load.value());
    level(here);
}

/// Fetches a task that waits elsewhere behind its better, if nothing better runs here. So nobody
/// starves on one hart while another runs what is worse.
void Core::level(HartState& here) {
    const i32 least = here.queue.running();
    if (least == kNothingRuns) return;  // the idle task steals
    const u32 count = machine::hart_count();
    for (u32 step = 1; step < count; ++step) {
        RunQueue& queue = of((here.index + step) % count).queue;
        if (queue.ready() == 0) continue;
        Task* const task = queue.steal_who_starves(here.index, least);
        if (task == nullptr) continue;
        // The interrupt's end looks at it, unless its harts have changed just now.
        if (!here.queue.push(*task)) push(*task);
        return;
    }
}

void Core::interrupt_exit() {
    HartState& here = mine();
    const Nanos now = machine::now();
    Task* self = Task::current_or_null();
    if (here.in_interrupt) {
        here.in_interrupt = false;
        if (self != nullptr) record(*self, EventType::kInte);
        // relaxed: statistics; this hart is the only writer.
        here.interrupt_ns.store(here.interrupt_ns.load(std::memory_order_relaxed) + now.value -
                                    here.interrupt_began.value,
                                std::memory_order_relaxed);
    }
    // The idle task looks for work by itself.
    if (self == nullptr || self == &here.idle) return;
    if (should_give_way(here, now)) {
        give_way(EventType::kSlice);
        return;
    }
    const bool was_expelled =
        self->priority() != kRealTimePriority && here.slice_end > now + kQuantum;
    if (now >= here.slice_end || self->priority() == kRealTimePriority || was_expelled) {
        here.slice_end = now + slice_of(*self, now);
        want_alarm(here, here.slice_end);
    }
}

Nanos Core::slice_of(Task& task, Nanos now) {
    if (!task.real_time_.admitted()) [[likely]] return kQuantum;
    return task.real_time_.run(now);
}

void Core::want_alarm(HartState& here, Nanos when) {
    if (when >= here.armed) return;
    here.armed = when;
    machine::set_alarm(when);
}

/// Sets the alarm to whatever comes first: a timer, the end of the slice, a look at other harts.
void Core::rearm(HartState& here, Nanos now) {
    want_alarm(here, here.timers.first());
    if (Task::current_or_null() != &here.idle) want_alarm(here, std::max(here.slice_end, now));
    const Nanos limit = global->options.hang_limit;
    if (limit != Nanos{}) want_alarm(here, now + Nanos{limit.value / 2});
}

}  // namespace kernel::sched::detail
