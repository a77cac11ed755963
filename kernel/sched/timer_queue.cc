// The pairing heap of armed timers.
#include "sched/timer_queue.h"

#include "base/assert.h"
#include "machine/clock.h"

namespace kernel::sched::detail {

bool TimerQueue::before(const Timer& a, const Timer& b) {
    return a.when_ != b.when_ ? a.when_ < b.when_ : a.order_ < b.order_;
}

/// Joins two heaps, either of which may be empty; their roots have no siblings.
Timer* TimerQueue::meld(Timer* a, Timer* b) {
    if (a == nullptr) return b;
    if (b == nullptr) return a;
    if (before(*b, *a)) std::swap(a, b);
    b->sibling_ = a->child_;
    if (b->sibling_ != nullptr) b->sibling_->back_ = b;
    b->back_ = a;
    a->child_ = b;
    return a;
}

/// Joins the siblings from `first` on into one heap: in pairs from the left, then all pairs from
/// the right, which is what makes the cost logarithmic on average.
Timer* TimerQueue::meld_pairs(Timer* first) {
    Timer* pairs = nullptr;  // linked by sibling_, the last pair first
    while (first != nullptr) {
        Timer* a = first;
        Timer* b = a->sibling_;
        first = b == nullptr ? nullptr : b->sibling_;
        for (Timer* one : {a, b}) {
            if (one == nullptr) continue;
            one->sibling_ = nullptr;
            one->back_ = nullptr;
        }
        Timer* pair = meld(a, b);
        pair->sibling_ = pairs;
        pairs = pair;
    }
    Timer* heap = nullptr;
    while (pairs != nullptr) {
        Timer* pair = pairs;
        pairs = pair->sibling_;
        pair->sibling_ = nullptr;
        heap = meld(heap, pair);
    }
    return heap;
}

void TimerQueue::take_out(Timer& timer) {
    Timer* rest = meld_pairs(timer.child_);
    if (root_ == &timer) {
        root_ = rest;
    } else {
        (timer.back_->child_ == &timer ? timer.back_->child_ : timer.back_->sibling_) =
            timer.sibling_;
        if (timer.sibling_ != nullptr) timer.sibling_->back_ = timer.back_;
        root_ = meld(root_, rest);
    }
    timer.child_ = nullptr;
    timer.sibling_ = nullptr;
    timer.back_ = nullptr;
    timer.armed_ = false;
}

bool TimerQueue::add(Timer& timer, Nanos when, machine::HartIndex hart) {
    sync::IrqsOffGuard guard(lock_);
    ASSERT(!timer.armed_);
    // [timer.hart] release: names this queue once its lock is held; pairs with acquire in
    // Timer::try_cancel().
    timer.hart_plus_one_.store(hart + 1, std::memory_order_release);
    timer.armed_ = true;
    timer.when_ = when;
    timer.order_ = armed_++;
    root_ = meld(root_, &timer);
    return root_ == &timer;
}

Timer::Cancelled TimerQueue::remove(Timer& timer) {
    sync::IrqSaveGuard guard(lock_);
    if (timer.queue() != this) return Timer::Cancelled::kNotArmed;  // the caller looks again
    if (timer.armed_) {
        take_out(timer);
        return Timer::Cancelled::kYes;
    }
    return running_ == &timer ? Timer::Cancelled::kRunning : Timer::Cancelled::kNotArmed;
}

void TimerQueue::run_due(Nanos now) {
    for (;;) {  // ends when no timer is due; what a function arms for later than `now` waits
        Timer* timer;
        {
            sync::IrqsOffGuard guard(lock_);
            timer = root_;
            if (timer == nullptr || timer->when_ > now) return;
            take_out(*timer);
            running_ = timer;
        }
        timer->function_(*timer, timer->argument_);
        // The timer may be gone now: whoever waits for the end of its function looks at running_.
        sync::IrqsOffGuard guard(lock_);
        running_ = nullptr;
    }
}

Nanos TimerQueue::first() {
    sync::IrqsOffGuard guard(lock_);
    return root_ == nullptr ? machine::kNoAlarm : root_->when_;
}

bool TimerQueue::holds(const Timer& timer) {
    sync::IrqSaveGuard guard(lock_);
    return timer.queue() == this && timer.armed_;
}

bool TimerQueue::running(const Timer& timer) {
    sync::IrqSaveGuard guard(lock_);
    return running_ == &timer;
}

}  // namespace kernel::sched::detail
