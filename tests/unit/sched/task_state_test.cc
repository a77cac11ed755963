// Task states: the words of /proc, and every pair of the transition table.
#include "sched/task_state.h"

#include <gtest/gtest.h>

#include <string>

namespace kernel::sched {
namespace {

TEST(TaskState, HasTheWordsOfProcInTheirOrder) {
    const std::array<std::string_view, kTaskStates> words{
        "Dead",      "Moribund",  "New",    "Ready",  "Scheding", "Running", "Queueing",
        "QueueingR", "QueueingW", "Wakeme", "Broken", "Stopped",  "Rendez",  "Waitrelease"};
    for (usize i = 0; i < kTaskStates; ++i) {
        EXPECT_EQ(task_state_name(static_cast<TaskState>(i)), words[i]);
    }
}

TEST(TaskState, AllPairs) {
    // Rows from, columns to, in the order above; x: possible.
    const std::array<std::string_view, kTaskStates> table{
        "..x...........",  // Dead
        "x.............",  // Moribund
        "x..x..........",  // New
        "....x.........",  // Ready
        ".....x........",  // Scheding
        ".x.x..xxxxxxxx",  // Running
        "...x.x........",  // Queueing
        "...x.x........",  // QueueingR
        "...x.x........",  // QueueingW
        "...x.x........",  // Wakeme
        "...x.x........",  // Broken
        "...x.x........",  // Stopped
        "...x.x........",  // Rendez
        "...x.x........",  // Waitrelease
    };
    for (usize from = 0; from < kTaskStates; ++from) {
        for (usize to = 0; to < kTaskStates; ++to) {
            EXPECT_EQ(task_may_change(static_cast<TaskState>(from), static_cast<TaskState>(to)),
                      table[from][to] == 'x')
                << task_state_name(static_cast<TaskState>(from)) << " to "
                << task_state_name(static_cast<TaskState>(to));
        }
    }
}

TEST(TaskState, WaitingStatesAreThoseATaskBlocksIn) {
    usize waiting = 0;
    for (usize i = 0; i < kTaskStates; ++i) waiting += is_waiting(static_cast<TaskState>(i));
    EXPECT_EQ(waiting, 8u);
    EXPECT_TRUE(is_waiting(TaskState::kQueueing));
    EXPECT_FALSE(is_waiting(TaskState::kReady));
}

}  // namespace
}  // namespace kernel::sched
