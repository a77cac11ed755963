// Many processes at once: nothing is lost, nothing stays, iteration keeps its promise.
#include <gtest/gtest.h>

#include <set>

#include "proc/control.h"
#include "proc/notes.h"
#include "sched/rendez.h"
#include "tests/unit/proc/process_world.h"

namespace kernel::proc::test {
namespace {

u32 scaled(u32 on_threads, u32 simulated) {
    return fixture::is_simulated() ? simulated : on_threads;
}

TEST(ProcStorm, MakersEndersAndWaitersOnAllHartsLeaveNothing) {
    WorldOptions options;
    options.machine.harts = 4;
    run_world(
        [] {
            const u32 rounds = scaled(60, 10);
            for (u32 i = 0; i < 4; ++i) {
                child([rounds] {
                    for (u32 round = 0; round < rounds; ++round) {
                        for (u32 n = 0; n < 5; ++n) child([] { return "x"; });
                        for (u32 n = 0; n < 5; ++n) must_wait();
                    }
                    return "";
                });
            }
            for (u32 i = 0; i < 4; ++i) EXPECT_TRUE(must_wait().message.empty());
        },
        options);
}

TEST(ProcStorm, KernelProcessesComeAndGo) {
    run_world([] {
        const u32 count = scaled(300, 40);
        std::atomic<u32> ran{0};
        for (u32 i = 0; i < count; ++i) kernel_child([&] { ++ran; });
        eventually([&] { return ran == count; });
    });
}

TEST(ProcStorm, NotesAndKillsHitProcessesWhereverTheyAre) {
    run_world_seeds(30, 3, [] {
        std::vector<ProcRef> victims;
        for (u32 i = 0; i < 6; ++i) {
            victims.push_back(
                ref_of(child([] {
                           for (;;) {  // ends by note or kill
                               const Result<ProcId> made = try_child([] { return ""; });
                               end_of_call(made);
                               (void)call_done(wait());
                           }
                           return "";
                       }).pid));
        }
        for (u32 i = 0; i < victims.size(); ++i) {
            if (i % 2 == 0) {
                EXPECT_TRUE(kill(victims[i]).ok());
            } else {
                EXPECT_TRUE(post_note(victims[i], NoteKind::kUser, "stop").ok());
            }
        }
        // Orphans come to this process as well.
        while (wait().ok()) continue;
    });
}

TEST(ProcStorm, EachStableProcessIsMetExactlyOnceAmongOthersThatComeAndGo) {
    WorldOptions options;
    options.machine.harts = 4;
    run_world(
        [] {
            std::atomic<bool> end{false};
            std::set<u32> stable;
            for (u32 i = 0; i < 64; ++i) {
                stable.insert(child([&] {
                                  eventually([&] { return end.load(); });
                                  return "";
                              }).pid);
            }
            for (u32 i = 0; i < 2; ++i) {
                child(
                    [&] {
                        while (!end) {
                            child([] { return ""; });
                            must_wait();
                        }
                        return "";
                    },
                    {.name = "churn"});
            }
            for (u32 scan = 0; scan < scaled(50, 5); ++scan) {
                std::multiset<u32> met;
                ProcTable::Cursor cursor;
                while (const std::optional<ProcRef> next = table().next(cursor)) {
                    met.insert(next->pid);
                }
                for (const u32 pid : stable) EXPECT_EQ(met.count(pid), 1u);
                EXPECT_EQ(met.count(1), 1u);
            }
            end = true;
            for (u32 i = 0; i < 66; ++i) must_wait();
        },
        options);
}

TEST(ProcStorm, StaleReferencesAreRecognisedWhenSlotsAreUsedAgain) {
    run_world([] {
        std::vector<ProcRef> stale;
        for (u32 i = 0; i < 50; ++i) {
            std::atomic<bool> go{false};
            const ProcId made = child([&] {
                eventually([&] { return go.load(); });
                return "";
            });
            const ProcRef now = ref_of(made.pid);
            ASSERT_NE(now.pid, 0u);
            for (const ProcRef ref : stale) EXPECT_FALSE(bool(table().hold(ref)));
            stale.push_back(now);
            go = true;
            must_wait();
        }
        // The slots were few, so they were used again and again.
        EXPECT_LE(table().counts().slots, 40u);
    });
}

}  // namespace
}  // namespace kernel::proc::test
