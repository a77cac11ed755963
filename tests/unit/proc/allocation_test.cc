// Every allocation of making a process, failed in turn: everything is as before.
#include <gtest/gtest.h>

#include "mm/failure.h"
#include "proc/exit.h"
#include "tests/unit/proc/process_world.h"

namespace kernel::proc::test {
namespace {

/// Fails the `fail_at`-th allocation from now on (0: none); counts them.
std::atomic<u32> allocations;
std::atomic<u32> fail_at;

bool fail(usize) { return ++allocations == fail_at; }

/// Runs `make` with each of its allocations failed in turn; it must fail each time, change nothing,
/// and succeed when nothing fails.
void fail_each(const std::function<Result<void>()>& make, const std::function<void()>& undo) {
    const Census before = Census::now();
    for (u32 i = 1;; ++i) {
        ASSERT_LT(i, 200u) << "no end";
        allocations = 0;
        fail_at = i;
        mm::set_failure_hook(fail);
        const Result<void> made = make();
        mm::set_failure_hook(nullptr);
        const bool failed_one = allocations >= i;
        if (!failed_one) {
            EXPECT_EQ(outcome(made), "ok");
            EXPECT_GT(i, 1u) << "nothing was allocated";
            undo();
            break;
        }
        // An object that finds its slab full asks twice; a cache may do without its magazine.
        if (made.ok()) {
            undo();
        } else {
            EXPECT_EQ(outcome(made), "kernel allocate failed");
        }
        EXPECT_EQ(Census::now(), before) << "allocation " << i;
    }
}

void wait_for_one() { must_wait(); }

TEST(ProcAllocation, EveryAllocationOfSpawnFailedInTurnChangesNothing) {
    WorldOptions options;
    options.machine.harts = 1;
    run_world(
        [] {
            const auto make = [](SpawnOptions how) {
                return [how]() -> Result<void> {
                    SpawnOptions quiet = how;
                    quiet.name = "quiet";
                    quiet.body = [](void*) {};
                    TRY(spawn(quiet));
                    return {};
                };
            };
            fail_each(make({}), wait_for_one);
            fail_each(make({.names = Inherit::kCopy,
                            .environment = Inherit::kCopy,
                            .group = GroupOf::kSelf}),
                      wait_for_one);
            fail_each(make({.fds = Inherit::kEmpty,
                            .names = Inherit::kEmpty,
                            .environment = Inherit::kEmpty,
                            .group = GroupOf::kSelf}),
                      wait_for_one);
        },
        options);
}

TEST(ProcAllocation, EveryAllocationOfKprocFailedInTurnChangesNothing) {
    WorldOptions options;
    options.machine.harts = 1;
    run_world(
        [] {
            fail_each(
                []() -> Result<void> {
                    TRY(kproc("quiet", [](void*) { exits(""); }, nullptr));
                    return {};
                },
                [] { eventually([] { return table().counts().live == 1; }); });
        },
        options);
}

TEST(ProcAllocation, EveryAllocationOfRegroupFailedInTurnChangesNothing) {
    WorldOptions options;
    options.machine.harts = 1;
    run_world(
        [] {
            child([] {
                const Ref<chan::FdGroup> fds = me().fds();
                fail_each(
                    [&]() -> Result<void> {
                        const Result<void> changed = regroup({.fds = Inherit::kCopy,
                                                              .names = Inherit::kCopy,
                                                              .environment = Inherit::kCopy,
                                                              .new_note_group = true});
                        if (!changed.ok()) {
                            EXPECT_EQ(me().fds(), fds);
                        }
                        return changed;
                    },
                    [] {});
                return "";
            });
            must_wait();
        },
        options);
}

}  // namespace
}  // namespace kernel::proc::test
