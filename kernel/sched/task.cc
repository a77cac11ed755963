// Making tasks, and what can be asked of and told to them.
#include "sched/task.h"

#include "base/assert.h"
#include "machine/clock.h"
#include "machine/interrupts.h"
#include "machine/user.h"
#include "sched/core.h"
#include "sched/waits.h"

namespace kernel::sched {

using detail::Core;
using detail::Waits;

// --- Life. ---

Task::~Task() {
    if (state() == TaskState::kNew) discard();
    ASSERT(state() == TaskState::kDead);
}

void Task::init(const TaskOptions& options) {
    set_state(TaskState::kNew);
    ASSERT(options.stack.size() + machine::kUserRegistersRoom >= machine::kKernelStackSize);
    ASSERT((options.harts & machine_harts()) != 0);
    ASSERT(options.priority < kPriorityLevels);
    name_.assign(options.name);
    owner_ = options.owner;
    stack_ = options.stack;
    entry_ = options.entry;
    argument_ = options.argument;
    // relaxed (all): nobody else knows the task yet.
    hart_.store(machine::hart_index(), std::memory_order_relaxed);
    harts_.store(options.harts, std::memory_order_relaxed);
    priorities_.store(
        Priorities{options.priority, options.priority, options.fixed_priority, false}.packed(),
        std::memory_order_relaxed);
    wake_.store(0, std::memory_order_relaxed);
    wait_reason_.store(nullptr, std::memory_order_relaxed);
    user_ns_.store(0, std::memory_order_relaxed);
    system_ns_.store(0, std::memory_order_relaxed);
    started_ns_.store(0, std::memory_order_relaxed);
    switches_.store(0, std::memory_order_relaxed);
    for (Atomic<u64>& counter : interrupts_) counter.store(0, std::memory_order_relaxed);
    usage_ = {};
    real_time_.init();
    in_user_ = false;
    traced_.store(0, std::memory_order_relaxed);
    sleep_lock_count_ = 0;
    error_detail_.clear();
    machine::prepare_context(context_, stack_, Core::task_main, this);
}

void Task::start() {
    ASSERT(state() == TaskState::kNew);
    // relaxed: for display.
    started_ns_.store(machine::now().value, std::memory_order_relaxed);
    Core::make_ready(*this);
}

void Task::discard() {
    machine::discard_context(context_);
    set_state(TaskState::kDead);
}

void Task::set_state(TaskState to) {
    // [task.state] acq_rel: an observer that sees the state sees what led to it; pairs with acquire
    // in state().
    const auto from =
        static_cast<TaskState>(state_.exchange(static_cast<u32>(to), std::memory_order_acq_rel));
    if (!task_may_change(from, to)) [[unlikely]] {
        PANIC("task {} may not go from {} to {}", name(), task_state_name(from),
              task_state_name(to));
    }
}

TaskState Task::state() const {
    // [task.state] acquire: pairs with acq_rel in set_state().
    return static_cast<TaskState>(state_.load(std::memory_order_acquire));
}

// --- Observers. ---

std::string_view Task::wait_reason() const {
    // relaxed: a pointer to constant text.
    const char* text = wait_reason_.load(std::memory_order_relaxed);
    return text == nullptr ? std::string_view{} : std::string_view{text};
}

machine::HartIndex Task::hart() const {
    // relaxed: a hint by nature.
    return hart_.load(std::memory_order_relaxed);
}

bool Task::on_hart() const {
    // [task.on] acquire: if no hart is on it, what it did before is seen; pairs with acq_rel in
    // Core::finish_switch().
    return on_hart_.load(std::memory_order_acquire) != detail::kOff;
}

TaskTimes Task::times() const {
    // relaxed (all): for display.
    return {{user_ns_.load(std::memory_order_relaxed)},
            {system_ns_.load(std::memory_order_relaxed)},
            {started_ns_.load(std::memory_order_relaxed)}};
}

u64 Task::switches() const {
    // relaxed: for display.
    return switches_.load(std::memory_order_relaxed);
}

void Task::set_traced(u32 label) {
    // relaxed: a value of its own.
    traced_.store(label, std::memory_order_relaxed);
}

u32 Task::traced() const {
    // relaxed: a value of its own.
    return traced_.load(std::memory_order_relaxed);
}

// --- Priority and affinity. ---

Priorities Task::priorities() const {
    // [queue.requeue] seq_cst: see RunQueue::link().
    return Priorities::from(priorities_.load(std::memory_order_seq_cst));
}

Priority Task::base_priority() const { return priorities().base; }
Priority Task::priority() const { return priorities().effective; }
bool Task::fixed_priority() const { return priorities().fixed; }

void Task::set_priority(Priority base, bool fixed) {
    ASSERT(base < kPriorityLevels);
    change_priorities([=](const Priorities& before) {
        return Priorities{base, before.real_time ? before.effective : base, fixed, before.real_time};
    });
    Core::requeue(*this);
}

void Task::set_real_time_rank(std::optional<Priority> rank) {
    change_priorities([=](const Priorities& before) {
        return Priorities{before.base, rank.value_or(before.base), before.fixed, rank.has_value()};
    });
}

template <class Change>
void Task::change_priorities(Change&& change) {
    // relaxed: the exchange below decides.
    u32 seen = priorities_.load(std::memory_order_relaxed);
    // [queue.requeue] seq_cst: before looking whether it is queued; see RunQueue::link().
    while (!priorities_.compare_exchange(seen, change(Priorities::from(seen)).packed(), std::memory_order_seq_cst)) {
    }
}

void Task::reprioritize(Nanos now, u32 load) {
    // relaxed: the exchange below decides.
    u32 seen = priorities_.load(std::memory_order_relaxed);
    Priorities wanted = Priorities::from(seen);
    if (wanted.fixed || wanted.real_time) return;
    wanted.effective = effective_priority(wanted.base, usage_.value_at(now, 0), load);
    // relaxed: a failure means that somebody set the priority just now, which stands. Its effect on
    // queues is the caller's matter.
    (void)priorities_.compare_exchange(seen, wanted.packed(), std::memory_order_relaxed);
    // ignored: as said
}

void Task::reprioritize_running(Nanos now, u32 load) {
    usage_.advance(now, kFullUsage);
    reprioritize(now, load);
}

HartSet Task::harts() const {
    // [queue.requeue] seq_cst: see RunQueue::link().
    return harts_.load(std::memory_order_seq_cst);
}

void Task::set_harts(HartSet harts) {
    ASSERT((harts & machine_harts()) != 0);
    // [queue.requeue] seq_cst: before looking whether it is queued; see RunQueue::link().
    harts_.store(harts, std::memory_order_seq_cst);
    if (this == current_or_null() && machine::interrupts_enabled()) {
        Waits::check_may_sleep();
        const machine::InterruptsOff off;
        Core::give_way(EventType::kYield);
    } else {
        Core::requeue(*this);
    }
}

HartSet machine_harts() {
    const u32 count = machine::hart_count();
    return count == 64 ? kAllHarts : (HartSet{1} << count) - 1;
}

// --- Interruption. ---

bool Task::interrupt() { return Waits::interrupt(*this); }

void Task::interrupt_hart() {
    // [task.wake] acq_rel, and a write: as in Waits::interrupt(). A hart that writes it later, before
    // user mode, has acquired what was stored for it; one that did so earlier is seen to run it.
    wake_.fetch_or(0, std::memory_order_acq_rel);
    if (on_hart() && this != current_or_null()) machine::send_ipi(hart());
}

u64 Task::interrupts(InterruptKind kind) const {
    // relaxed: a number of its own.
    return interrupts_[static_cast<usize>(kind)].load(std::memory_order_relaxed);
}

void Task::count(InterruptKind kind) {
    Atomic<u64>& counter = interrupts_[static_cast<usize>(kind)];
    // relaxed (both): this hart is the only writer.
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

void Task::clear_interrupt() {
    // [task.wake] acq_rel: what the interrupter did is seen; pairs with acq_rel in
    // Waits::interrupt().
    wake_.fetch_and(~Waits::kPending, std::memory_order_acq_rel);
}

bool Task::interrupt_pending_before_user() {
    // [task.wake] acq_rel, and a write: whoever sets the flag after it has acquired what this hart
    // stored when it switched to the task; pairs with acq_rel in Waits::interrupt().
    return (wake_.fetch_or(0, std::memory_order_acq_rel) & Waits::kPending) != 0;
}

// --- Accounts. ---

Task::Charged Task::charge(Nanos now) {
    const u64 passed = now.value - charged_.value;
    charged_ = now;
    Atomic<u64>& account = in_user_ ? user_ns_ : system_ns_;
    // relaxed (both): this hart is the only writer.
    account.store(account.load(std::memory_order_relaxed) + passed, std::memory_order_relaxed);
    return {{passed}, now};
}

Task::Charged Task::charge_user() {
    const Charged charged = charge(machine::now());
    in_user_ = true;
    return charged;
}

Task::Charged Task::charge_system() {
    const Charged charged = charge(machine::now());
    in_user_ = false;
    return charged;
}

// --- What a task does to itself. ---

void Task::set_wait_reason(const char* text) {
    // relaxed: a pointer to constant text.
    wait_reason_.store(text, std::memory_order_relaxed);
}

WaitReason::WaitReason(const char* text) {
    Task& self = Task::current();
    // relaxed: only the task itself stores it.
    previous_ = self.wait_reason_.load(std::memory_order_relaxed);
    self.set_wait_reason(text);
}

WaitReason::~WaitReason() { Task::current().set_wait_reason(previous_); }

void yield() {
    Waits::check_may_sleep();
    const machine::InterruptsOff off;
    Task& self = Task::current();
    if (self.real_time_.admitted() && self.sleep_lock_count_ == 0) [[unlikely]] self.real_time_.rest(detail::Rest::kOfThisPeriod);
    Core::give_way(EventType::kYield);
}

void yield_if_wanted() {
    const machine::InterruptsOff off;
    if (Core::should_give_way(Core::mine(), machine::now())) Core::give_way(EventType::kSlice);
}

void exit_current(void (*reap)(Task& task)) { Core::exit(Task::current(), reap); }

}  // namespace kernel::sched
