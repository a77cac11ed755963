// The words for task states and the table of possible changes.
#include "sched/task_state.h"

namespace kernel::sched {
namespace {

constexpr std::array<std::string_view, kTaskStates> kNames{
    "Dead",      "Moribund",  "New",    "Ready",  "Scheding", "Running", "Queueing",
    "QueueingR", "QueueingW", "Wakeme", "Broken", "Stopped",  "Rendez",  "Waitrelease"};

constexpr u32 bit(TaskState state) { return u32{1} << static_cast<u32>(state); }

constexpr u32 kWaiting = bit(TaskState::kQueueing) | bit(TaskState::kQueueingR) |
                         bit(TaskState::kQueueingW) | bit(TaskState::kWakeme) |
                         bit(TaskState::kBroken) | bit(TaskState::kStopped) |
                         bit(TaskState::kRendez) | bit(TaskState::kWaitrelease);

/// The states each state may change to, in the order of TaskState.
constexpr std::array<u32, kTaskStates> kNext = [] {
    std::array<u32, kTaskStates> next{};
    const auto row = [&next](TaskState from) -> u32& { return next[static_cast<usize>(from)]; };
    for (usize state = 0; state < kTaskStates; ++state) {
        if ((kWaiting >> state & 1) != 0) {
            next[state] = bit(TaskState::kReady) | bit(TaskState::kRunning);
        }
    }
    row(TaskState::kDead) = bit(TaskState::kNew);
    row(TaskState::kMoribund) = bit(TaskState::kDead);
    row(TaskState::kNew) = bit(TaskState::kReady) | bit(TaskState::kDead);
    row(TaskState::kReady) = bit(TaskState::kScheding);
    row(TaskState::kScheding) = bit(TaskState::kRunning);
    row(TaskState::kRunning) = kWaiting | bit(TaskState::kReady) | bit(TaskState::kMoribund);
    return next;
}();

}  // namespace

std::string_view task_state_name(TaskState state) { return kNames[static_cast<usize>(state)]; }

bool task_may_change(TaskState from, TaskState to) {
    return (kNext[static_cast<usize>(from)] & bit(to)) != 0;
}

bool is_waiting(TaskState state) { return (kWaiting & bit(state)) != 0; }

}  // namespace kernel::sched
