// The words for task states.
#include "sched/task_state.h"

namespace kernel::sched {
namespace {

constexpr std::array<std::string_view, kTaskStates> kNames{
    "Dead",      "Moribund",  "New",    "Ready",  "Scheding", "Running", "Queueing",
    "QueueingR", "QueueingW", "Wakeme", "Broken", "Stopped",  "Rendez",  "Waitrelease"};

}  // namespace

std::string_view task_state_name(TaskState state) { return kNames[static_cast<usize>(state)]; }

}  // namespace kernel::sched
