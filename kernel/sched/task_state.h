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

/// Whether a task may go from `from` to `to`. Who does it:
///   Dead -> New          init()                    New -> Ready         start()
///   Ready -> Scheding    the hart that picks it    Scheding -> Running  that hart, on its stack
///   Running -> Ready     itself: yield, preempted  Running -> waiting   itself, to block
///   waiting -> Ready     who wakes it              waiting -> Running   itself: needs not block
///   Running -> Moribund  itself: exit_current()    Moribund -> Dead     the hart it ran on
///   New -> Dead          discard()
/// where waiting is Queueing, QueueingR, QueueingW, Wakeme, Broken, Stopped, Rendez, Waitrelease.
bool task_may_change(TaskState from, TaskState to);

/// Whether `state` is one a task blocks in.
bool is_waiting(TaskState state);

}  // namespace kernel::sched
