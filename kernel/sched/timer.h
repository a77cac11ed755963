// Timers: functions called at a time, from the timer interrupt of the hart that armed them.
#pragma once

#include "base/atomic.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/hart.h"

namespace kernel::sched {

namespace detail {
class TimerQueue;
}

/// A function to call at a time. It is a member of something, and must not be armed when it goes.
class Timer : Pinned {
public:
    /// Called in the timer interrupt: interrupts off, no spin lock held; may take spin locks, wake
    /// tasks, and arm timers, this one too; not sleep.
    using Function = void (*)(Timer& timer, void* argument);

    constexpr Timer(Function function, void* argument) : function_(function), argument_(argument) {}
    ~Timer();

    /// Calls the function at `when` (a machine::now() value) or soon after, once, on this hart.
    /// The timer is not armed; one caller at a time. Context: any but under locks that the function
    /// takes. Locks: timers. Cost: O(1).
    void arm(Nanos when);

    enum class Cancelled : u8 {
        kYes,       // it was armed and will not be called
        kNotArmed,  // it was not armed (never, or it has been called)
        kRunning,   // its function runs just now
    };
    /// Disarms it without waiting. Context: any. Locks: timers. Cost: O(log n) amortised.
    Cancelled try_cancel();
    /// Disarms it; when it returns the function neither runs nor will be called (unless armed
    /// again). Returns whether it was armed. Context: any but the function itself and under locks
    /// that the function takes.
    bool cancel();

    /// Whether it waits for its time; a snapshot.
    bool armed() const;

private:
    friend class detail::TimerQueue;

    /// The queue it is or was last on; null if none.
    detail::TimerQueue* queue() const;

    const Function function_;
    void* const argument_;
    Atomic<u32> hart_plus_one_{
        0};  // atomic: [timer.hart] whose queue it is or was last on; 0: none
    // All below guarded by the lock of that queue.
    bool armed_ = false;
    Nanos when_{};
    u64 order_ = 0;             // breaks ties: first armed, first called
    Timer* child_ = nullptr;    // pairing heap: first child,
    Timer* sibling_ = nullptr;  // next child of the same parent,
    Timer* back_ = nullptr;     // parent if first child, else previous sibling
};

}  // namespace kernel::sched
