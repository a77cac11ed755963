// Arming and cancelling timers.
#include "sched/timer.h"

#include "base/assert.h"
#include "machine/interrupts.h"
#include "sched/core.h"

namespace kernel::sched {

using detail::Core;
using detail::HartState;
using detail::TimerQueue;

Timer::~Timer() { ASSERT(!armed()); }

TimerQueue* Timer::queue() const {
    // [timer.hart] acquire: pairs with release in TimerQueue::add().
    const u32 hart_plus_one = hart_plus_one_.load(std::memory_order_acquire);
    return hart_plus_one == 0 ? nullptr : &Core::of(hart_plus_one - 1).timers;
}

void Timer::arm(Nanos when) {
    const machine::InterruptsOff off;
    HartState& here = Core::mine();
    // cancel() looks for a running function at the hart armed last; so the timer changes harts only
    // when its function is not running.
    TimerQueue* last = queue();
    if (last != nullptr && last != &here.timers) {
        while (last->running(*this)) machine::relax();  // bounded by the function's length
    }
    if (here.timers.add(*this, when, here.index)) Core::want_alarm(here, when);
}

Timer::Cancelled Timer::try_cancel() {
    for (;;) {  // ends when nobody arms it elsewhere meanwhile
        TimerQueue* on = queue();
        if (on == nullptr) return Cancelled::kNotArmed;
        const Cancelled cancelled = on->remove(*this);
        if (on == queue()) return cancelled;
    }
}

bool Timer::cancel() {
    bool was_armed = false;
    for (;;) {  // bounded by the function's length
        TimerQueue* on = queue();
        if (on == nullptr) return false;
        was_armed |= on->remove(*this) == Cancelled::kYes;
        if (!on->running(*this) && on == queue()) return was_armed;
        machine::relax();
    }
}

bool Timer::armed() const {
    TimerQueue* on = queue();
    return on != nullptr && on->holds(*this);
}

}  // namespace kernel::sched
