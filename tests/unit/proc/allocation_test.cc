// Every allocation of making a process, failed in turn: everything is as before.
#include <gtest/gtest.h>

#include "proc/exit.h"
#include "tests/unit/proc/failing.h"
#include "tests/unit/proc/process_world.h"

namespace kernel::proc::test {
namespace {

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
