// Run queues: a bitmap of levels over lists.
#include "sched/run_queue.h"

#include "base/format.h"

namespace kernel::sched::detail {

void RunQueue::insert_by_deadline(TaskList& list, Task& task) {
    for (Task& other : list) {
        if (task.real_time_.due() < other.real_time_.due()) {
            list.insert_before(other, task);
            return;
        }
    }
    list.push_back(task);
}

bool RunQueue::link(Task& task) {
    // [queue.requeue] seq_cst: before reading priority and harts; pairs with set_priority() and
    // set_harts(), which store those before they read queued_at_: one of the two sees the other.
    task.queued_at_.store(hart_ + 1, std::memory_order_seq_cst);
    if ((task.harts() >> hart_ & 1) == 0) [[unlikely]] {
        // relaxed: under the lock; whoever read the hart waits for that, and looks again.
        task.queued_at_.store(0, std::memory_order_relaxed);
        return false;
    }
    // relaxed: the task is this queue's now; the word says on which hart it counts.
    task.hart_.store(hart_, std::memory_order_relaxed);
    enter_level(task);
    // [queue.ready] seq_cst: before the pusher looks for idle harts; pairs with ready(), which an
    // idle hart reads after it said that it is idle: one of the two sees the other.
    ready_.fetch_add(1, std::memory_order_seq_cst);
    return true;
}

void RunQueue::unlink(Task& task) {
    leave_level(task);
    // relaxed (both): under the lock.
    ready_.fetch_sub(1, std::memory_order_relaxed);
    task.queued_at_.store(0, std::memory_order_relaxed);
}

void RunQueue::enter_level(Task& task) {
    task.queued_level_ = task.priority();
    TaskList& list = lists_[task.queued_level_];
    if (task.queued_level_ == kRealTimePriority) [[unlikely]] {
        insert_by_deadline(list, task);
        note_first_due();
    } else {
        list.push_back(task);
    }
    // relaxed: under the lock; readers without it take a hint.
    levels_.fetch_or(bit_of(task.queued_level_), std::memory_order_relaxed);
}

void RunQueue::leave_level(Task& task) {
    lists_[task.queued_level_].remove(task);
    if (task.queued_level_ == kRealTimePriority) [[unlikely]] note_first_due();
    // relaxed: under the lock.
    if (lists_[task.queued_level_].empty()) {
        levels_.fetch_and(~bit_of(task.queued_level_), std::memory_order_relaxed);
    }
}

void RunQueue::note_first_due() {
    const TaskList& list = lists_[kRealTimePriority];
    // relaxed: a hint; who acts on it takes the lock.
    first_due_.store((list.empty() ? kNeverDue : list.front()->real_time_.due()).value, std::memory_order_relaxed);
}

std::optional<RunQueue::Pushed> RunQueue::push(Task& task) {
    sync::IrqsOffGuard guard(lock_);
    if (!link(task)) return std::nullopt;
    // Read now that it is queued: whoever changes its harts or its priority later finds it here.
    Pushed pushed{.level = task.queued_level_, .harts = task.harts(), .running = running()};
    if (pushed.level == kRealTimePriority && task.real_time_.due() < running_due_) {
        pushed.running = std::min<i32>(pushed.running, kRealTimePriority - 1);
    }
    return pushed;
}

Task* RunQueue::take(Priority least, i32 otherwise, Nanos due) {
    sync::IrqsOffGuard guard(lock_);
    // relaxed: under the lock.
    const i32 level = best_of(levels_.load(std::memory_order_relaxed));
    const bool is_later = level == kRealTimePriority && due <= lists_[kRealTimePriority].front()->real_time_.due();
    if (level < i32{least} || is_later) {
        // relaxed: under the lock.
        running_.store(otherwise, std::memory_order_relaxed);
        running_due_ = due;
        return nullptr;
    }
    Task* task = lists_[static_cast<usize>(level)].front();
    unlink(*task);
    // relaxed: under the lock.
    running_.store(level, std::memory_order_relaxed);
    running_due_ = level == kRealTimePriority ? task->real_time_.due() : kNeverDue;
    return task;
}

Task* RunQueue::steal(machine::HartIndex thief) {
    sync::IrqsOffGuard guard(lock_);
    // relaxed: under the lock.
    u32 levels = levels_.load(std::memory_order_relaxed);
    while (levels != 0) {
        const auto level = static_cast<Priority>(best_of(levels));
        if (Task* const task = steal_from(level, thief)) return task;
        levels &= ~bit_of(level);
    }
    return nullptr;
}

Task* RunQueue::steal_from(Priority level, machine::HartIndex thief) {
    usize looked = 0;
    for (Task& task : lists_[level]) {
        if (++looked > kStealScan) break;
        if ((task.harts() >> thief & 1) == 0) continue;
        unlink(task);
        return &task;
    }
    return nullptr;
}

Task* RunQueue::steal_who_starves(machine::HartIndex thief, i32 least) {
    sync::IrqsOffGuard guard(lock_);
    for (i32 level = running() - 1; level >= least; --level) {
        if (Task* const task = steal_from(static_cast<Priority>(level), thief)) return task;
    }
    return nullptr;
}

HartSet RunQueue::thieves(HartSet idle) const {
    if (ready() == 0) return 0;
    sync::IrqsOffGuard guard(lock_);
    if (running() == kNothingRuns) return 0;
    HartSet chosen = 0;
    for (const TaskList& list : lists_) {
        usize looked = 0;
        for (const Task& task : list) {
            if (++looked > kStealScan) break;
            const HartSet may = task.harts() & idle & ~chosen;
            chosen |= may & ~(may - 1);
        }
    }
    return chosen;
}

bool RunQueue::remove(Task& task) {
    sync::IrqsOffGuard guard(lock_);
    // relaxed: under the lock of the queue it names, if it names this one.
    if (task.queued_at_.load(std::memory_order_relaxed) != hart_ + 1) return false;
    unlink(task);
    return true;
}

void RunQueue::reprioritize(Nanos now, u32 load) {
    // Not those in real time, whose rank use does not change, and whose order is another.
    for (usize level = 0; level <= kMaxPriority; ++level) {
        sync::IrqsOffGuard guard(lock_);
        TaskList& list = lists_[level];
        if (list.empty()) continue;
        // Those that stay go to the end again, so the last of today marks the end of the round.
        const Task* last = list.back();
        for (bool more = true; more;) {
            Task& task = *list.front();
            more = &task != last;
            // It stays queued all the while: who changes it now finds it, and waits for the lock.
            leave_level(task);
            task.reprioritize(now, load);
            enter_level(task);
        }
    }
}

void RunQueue::set_running(i32 priority, Nanos due) {
    sync::IrqsOffGuard guard(lock_);
    // relaxed: under the lock.
    running_.store(priority, std::memory_order_relaxed);
    running_due_ = priority == kRealTimePriority ? due : kNeverDue;
}

Nanos RunQueue::first_due() const {
    // relaxed: as in note_first_due().
    return {first_due_.load(std::memory_order_relaxed)};
}

i32 RunQueue::running() const {
    // relaxed: its writer asks, or it is under the lock.
    return running_.load(std::memory_order_relaxed);
}

i32 RunQueue::best() const {
    // relaxed: a hint; who acts on it takes the lock.
    return best_of(levels_.load(std::memory_order_relaxed));
}

u32 RunQueue::ready() const {
    // [queue.ready] seq_cst: see link().
    return ready_.load(std::memory_order_seq_cst);
}

void RunQueue::print(Sink& sink) const {
    constexpr usize kShown = 8;
    for (usize level = kPriorityLevels; level-- > 0;) {
        usize shown = 0;
        for (const Task& task : lists_[level]) {
            format_to(sink, " {}@{}", task.name(), level);
            if (++shown == kShown) {
                sink.write(" ...");
                break;
            }
        }
    }
}

}  // namespace kernel::sched::detail
