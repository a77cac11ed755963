// Completion under many schedules: it may die as soon as the wait is over.
#include "sched/completion.h"

#include <gtest/gtest.h>

#include <memory>

#include "tests/fixture/kernel_fixture.h"

namespace kernel::sched {
namespace {

TEST(CompletionSchedules, MayGoRightAfterTheWait) {
    fixture::run_seeds({.harts = 3}, 1000, [] {
        auto completion = std::make_unique<Completion>();
        auto completer = fixture::spawn([&] { completion->complete(); });
        completion->wait_uninterruptible();
        // Under AddressSanitizer a completer that still touches it is found.
        completion.reset();
        completer.join();
    });
}

TEST(CompletionSchedules, AWaitThatIsInterruptedCanBeTakenUpAgain) {
    fixture::run_seeds({.harts = 3}, 1000, [] {
        Completion completion;
        auto completer = fixture::spawn([&] { completion.complete(); });
        auto waiter = fixture::spawn([&] {
            if (!completion.wait().ok()) {
                EXPECT_TRUE(Task::current().interrupt_pending());
                Task::current().clear_interrupt();
                EXPECT_TRUE(completion.wait().ok());
            }
            EXPECT_TRUE(completion.completed());
        });
        waiter.task().interrupt();
        // The second wait above must not be interrupted, so the flag is set once, before or in the
        // first.
        waiter.join();
        completer.join();
    });
}

}  // namespace
}  // namespace kernel::sched
