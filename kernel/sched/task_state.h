// TaskState: what a task is doing, the words for it, and which changes are possible.
#pragma once

#include "base/std.h"

namespace kernel::sched {

/// In the order and with the words that /proc shows. The values index tables; do not reorder.
enum class TaskState : u8 {
    kDead,         // no task: never initialised, or reaped
    kMoribund,     // exiting: runs for the last time
    kNew,          // initialised, not started
    kReady,        // waits for a hart
    kScheding,     // picked by a hart, not yet on its stack
    kRunning,      // runs
    kQueueing,     // waits for a QLock
    kQueueingR,    // waits for an RWLock to read
    kQueueingW,    // waits for an RWLock to write
    kWakeme,       // sleeps on a Rendez
    kBroken,       // sleeps on a Rendez, kept for a debugger
    kStopped,      // sleeps on a Rendez, stopped by a debugger or ctl
    kRendez,       // sleeps on a Rendez, in a user rendezvous
    kWaitrelease,  // sleeps until its real-time period begins
};
inline constexpr usize kTaskStates = 14;

/// The word that /proc/n/status shows for `state`. Any context.
std::string_view task_state_name(TaskState state);

namespace detail {

constexpr u32 state_bit(TaskState state) { return u32{1} << static_cast<u32>(state); }

inline constexpr u32 kWaitingStates =
    state_bit(TaskState::kQueueing) | state_bit(TaskState::kQueueingR) |
    state_bit(TaskState::kQueueingW) | state_bit(TaskState::kWakeme) |
    state_bit(TaskState::kBroken) | state_bit(TaskState::kStopped) | state_bit(TaskState::kRendez) |
    state_bit(TaskState::kWaitrelease);

/// The states each state may change to, in the order of TaskState.
inline constexpr std::array<u32, kTaskStates> kNextStates = [] {
    std::array<u32, kTaskStates> next{};
    const auto row = [&next](TaskState from) -> u32& { return next[static_cast<usize>(from)]; };
    for (usize state = 0; state < kTaskStates; ++state) {
        if ((kWaitingStates >> state & 1) != 0) {
            next[state] = state_bit(TaskState::kReady) | state_bit(TaskState::kRunning);
        }
    }
    row(TaskState::kDead) = state_bit(TaskState::kNew);
    row(TaskState::kMoribund) = state_bit(TaskState::kDead);
    row(TaskState::kNew) = state_bit(TaskState::kReady) | state_bit(TaskState::kDead);
    row(TaskState::kReady) = state_bit(TaskState::kScheding);
    row(TaskState::kScheding) = state_bit(TaskState::kRunning);
    row(TaskState::kRunning) =
        kWaitingStates | state_bit(TaskState::kReady) | state_bit(TaskState::kMoribund);
    return next;
}();

}  // namespace detail

/// Whether a task may go from `from` to `to`. Who does it:
///   Dead -> New          init()                    New -> Ready         start()
///   Ready -> Scheding    the hart that picks it    Scheding -> Running  that hart, on its stack
///   Running -> Ready     itself: yield, preempted  Running -> waiting   itself, to block
///   waiting -> Ready     who wakes it              waiting -> Running   itself: needs not block
///   Running -> Moribund  itself: exit_current()    Moribund -> Dead     the hart it ran on
///   New -> Dead          discard()
/// where waiting is Queueing, QueueingR, QueueingW, Wakeme, Broken, Stopped, Rendez, Waitrelease.
constexpr bool task_may_change(TaskState from, TaskState to) {
    return (detail::kNextStates[static_cast<usize>(from)] & detail::state_bit(to)) != 0;
}

/// Whether `state` is one a task blocks in.
constexpr bool is_waiting(TaskState state) {
    return (detail::kWaitingStates & detail::state_bit(state)) != 0;
}

}  // namespace kernel::sched
