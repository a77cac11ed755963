// Being made, ending, being waited for.
#include <gtest/gtest.h>

#include "machine/clock.h"
#include "proc/exit.h"
#include "proc/self.h"
#include "tests/unit/proc/process_world.h"

namespace kernel::proc::test {
namespace {

TEST(ProcessLife, AChildsStatusReachesItsParent) {
    run_world([] {
        const ProcId made = child([] { return "it broke"; }, {.name = "breaker"});
        const WaitRecord record = must_wait();
        EXPECT_EQ(record.id, made);
        std::array<char, 64> expected;
        EXPECT_EQ(record.message.view(), format_into(expected, "breaker {}: it broke", made.pid));
    });
}

TEST(ProcessLife, SuccessLeavesAnEmptyMessage) {
    run_world([] {
        child([] { return ""; });
        EXPECT_TRUE(must_wait().message.empty());
    });
}

TEST(ProcessLife, ReturningFromTheBodyIsSuccess) {
    run_world([] {
        ASSERT_TRUE(spawn({.name = "short", .body = [](void*) {}}).ok());
        EXPECT_TRUE(must_wait().message.empty());
    });
}

TEST(ProcessLife, NumbersAndSerialsCountFromOne) {
    run_world([] {
        EXPECT_EQ(current().id(), (ProcId{1, 1}));
        // 2 was the world's own warm-up.
        EXPECT_EQ(child([] { return ""; }), (ProcId{3, 3}));
        EXPECT_EQ(child([] { return ""; }), (ProcId{4, 4}));
        must_wait();
        must_wait();
    });
}

TEST(ProcessLife, ALongStatusIsCutAtARuneBoundary) {
    run_world([] {
        std::string status(126, 'x');
        status += "\xc3\xa4 and more";
        child([status] { return status; }, {.name = "c"});
        const WaitRecord record = must_wait();
        EXPECT_EQ(record.message.size(), 127u);
        EXPECT_TRUE(record.message.view().starts_with("c 3: xxx"));
        child([] { return std::string(119, 'y') + "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"; },
              {.name = "c"});
        EXPECT_EQ(must_wait().message.size(), 126u);  // the last rune did not fit
    });
}

TEST(ProcessLife, WaitingWithoutChildrenSaysSo) {
    run_world([] { EXPECT_EQ(outcome(wait()), "no living children"); });
}

TEST(ProcessLife, AChildNobodyWaitsForLeavesNothing) {
    run_world([] {
        child([] { return "unseen"; }, {.name = "quiet", .waited = Waited::kNo});
        EXPECT_EQ(outcome(wait()), "no living children");
        eventually([] { return table().counts().live == 1; });
    });
}

TEST(ProcessLife, TheNewestRecordIsReadFirst) {
    run_world([] {
        const ProcId first = child([] { return "first"; });
        eventually([] { return waiting_records(current().ref()) == 1; });
        const ProcId second = child([] { return "second"; });
        eventually([] { return waiting_records(current().ref()) == 2; });
        EXPECT_EQ(must_wait().id, second);
        EXPECT_EQ(must_wait().id, first);
    });
}

TEST(ProcessLife, OneHundredTwentyNineChildrenLeave128RecordsAndALostOne) {
    run_world([] {
        std::vector<u32> pids;
        for (u32 i = 0; i < kRecordsKept + 1; ++i) {
            pids.push_back(child([] { return ""; }).pid);
            // One after the other, so that it is known which is the oldest.
            eventually([i] {
                return waiting_records(current().ref()) == std::min<u32>(i + 1, kRecordsKept + 1);
            });
        }
        // The number of the lost one is free, those of the others are held.
        EXPECT_EQ(table().pids().references(pids[0]), 0u);
        EXPECT_EQ(table().pids().references(pids[1]), 1u);
        for (u32 i = kRecordsKept; i >= 1; --i) EXPECT_EQ(must_wait().id.pid, pids[i]);
        const WaitRecord lost = must_wait();
        EXPECT_EQ(lost.id, ProcId{});
        EXPECT_EQ(lost.message.view(), "lost 1");
        EXPECT_EQ(outcome(wait()), "no living children");
    });
}

TEST(ProcessLife, ARecordHoldsTheNumberUntilItIsRead) {
    run_world([] {
        const ProcId made = child([] { return ""; });
        eventually([] { return waiting_records(current().ref()) == 1; });
        EXPECT_FALSE(table().lookup(made.pid).has_value());
        EXPECT_EQ(table().pids().references(made.pid), 1u);
        ASSERT_TRUE(table().ended(made).has_value());
        EXPECT_TRUE(table().has_record(*table().ended(made)));
        EXPECT_FALSE(table().ended({made.pid, made.serial + 1}).has_value());
        must_wait();
        EXPECT_EQ(table().pids().references(made.pid), 0u);
        EXPECT_FALSE(table().ended(made).has_value());
    });
}

TEST(ProcessLife, ChildrenOfTheDyingGoToProcess1WhichWaitsForThem) {
    run_world([] {
        std::atomic<u32> grandchild_parent{0};
        std::atomic<bool> go{false};
        std::atomic<u32> grandchild{0};
        const ProcId parent = child([&] {
            grandchild = child([&] {
                             eventually([&] { return go.load(); });
                             grandchild_parent = parent_pid(current());
                             EXPECT_NE(current().birth_parent(), 1u);
                             return "orphan";
                         }).pid;
            return "";
        });
        EXPECT_EQ(must_wait().id, parent);
        // The number of the dead parent is held by whom it made.
        EXPECT_EQ(table().pids().references(parent.pid), 1u);
        go = true;
        const WaitRecord record = must_wait();
        EXPECT_EQ(record.id.pid, grandchild.load());
        EXPECT_EQ(grandchild_parent.load(), 1u);
        EXPECT_EQ(table().pids().references(parent.pid), 0u);
    });
}

TEST(ProcessLife, RecordsOfTheDyingAreDropped) {
    run_world([] {
        child([] {
            child([] { return "unread"; });
            eventually([] { return waiting_records(current().ref()) == 1; });
            return "";
        });
        must_wait();
        EXPECT_EQ(outcome(wait()), "no living children");
    });
}

TEST(ProcessLife, AnEndedChildsTimesAddUpInItsParent) {
    run_world([] {
        child([] {
            child([] {
                const Nanos until = machine::now() + nanos_from_millis(20);
                while (machine::now() < until) sched::yield_if_wanted();
                return "";
            });
            const WaitRecord inner = must_wait();
            EXPECT_GE(inner.system_ms, 5u);
            EXPECT_GE(inner.real_ms, 20u);
            return "";
        });
        const WaitRecord record = must_wait();
        EXPECT_GE(record.system_ms, 5u);  // its own child's
        EXPECT_GE(child_times(current()).system.millis(), 5u);
    });
}

TEST(ProcessLife, AChildInheritsWhatForkGives) {
    run_world([] {
        {
            const ProcHold hold = table().hold(current().ref());
            hold->assert_held();
            hold->attributes().mode = 0600;
            hold->attributes().hang = true;
            hold->attributes().no_swap = true;
        }
        current().task().set_priority(7, true);
        open_log(5);
        child([] {
            Proc& self = current();
            const ProcHold hold = table().hold(self.ref());
            hold->assert_held();
            EXPECT_EQ(hold->attributes().mode, 0600u);
            EXPECT_TRUE(hold->attributes().hang);
            EXPECT_TRUE(hold->attributes().no_swap);
            EXPECT_FALSE(hold->attributes().private_memory);
            EXPECT_EQ(self.task().base_priority(), 7);
            EXPECT_TRUE(self.task().fixed_priority());
            EXPECT_EQ(self.caller().user().view(), "eve");
            EXPECT_TRUE(self.caller().my_fds().get(5).ok());
            EXPECT_EQ(note_id_locked(*hold), 1u);
            return "";
        });
        must_wait();
        me().my_fds().close_all();
    });
}

TEST(ProcessLife, DescriptorsAreCopiedSharedOrEmpty) {
    run_world([] {
        open_log(5);
        for (const Inherit how : {Inherit::kCopy, Inherit::kShare, Inherit::kEmpty}) {
            child(
                [how] {
                    const bool has = me().my_fds().get(5).ok();
                    EXPECT_EQ(has, how != Inherit::kEmpty);
                    EXPECT_EQ(me().my_fds().close(5).ok(), has);
                    return "";
                },
                {.name = "child", .fds = how});
            must_wait();
            EXPECT_EQ(me().my_fds().get(5).ok(), how != Inherit::kShare);
            if (how == Inherit::kShare) open_log(5);
        }
        me().my_fds().close_all();
    });
}

TEST(ProcessLife, RegroupSeparatesDescriptors) {
    run_world([] {
        open_log(5);
        child(
            [] {
                EXPECT_TRUE(regroup({.fds = Inherit::kCopy}).ok());
                EXPECT_TRUE(me().my_fds().close(5).ok());
                EXPECT_TRUE(
                    regroup({.names = Inherit::kCopy, .environment = Inherit::kEmpty}).ok());
                return "";
            },
            {.name = "child", .fds = Inherit::kShare});
        must_wait();
        EXPECT_TRUE(me().my_fds().get(5).ok());
        me().my_fds().close_all();
    });
}

TEST(ProcessLifeDeathTest, Process1MayNotEnd) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_DEATH(run_world([] { exits("tired"); }), "boot process died: tired");
    EXPECT_DEATH(run_world([] { exits(""); }), "boot process died: unknown");
}

TEST(ProcessLife, AKernelProcessLeavesNoRecordAndHasNoGroup) {
    run_world([] {
        std::atomic<bool> checked{false};
        kernel_child([&] {
            Proc& self = current();
            EXPECT_TRUE(self.is_kproc());
            EXPECT_EQ(note_id(self), self.id().pid);
            EXPECT_EQ(parent_pid(self), 1u);
            EXPECT_EQ(self.task().base_priority(), sched::kKernelPriority);
            EXPECT_EQ(outcome(post_note(self.ref(), NoteKind::kUser, "x")), "note not posted");
            checked = true;
        });
        eventually([&] { return checked.load(); });
        EXPECT_EQ(outcome(wait()), "no living children");
    });
}

TEST(ProcessLife, AFullTableRefusesAndRecovers) {
    WorldOptions options;
    options.table.max_processes = 8;
    run_world(
        [] {
            std::atomic<bool> go{false};
            u32 made = 0;
            for (;;) {
                const Result<ProcId> one = try_child([&] {
                    eventually([&] { return go.load(); });
                    return "";
                });
                if (!one.ok()) {
                    EXPECT_EQ(outcome(one), "no procs");
                    break;
                }
                ++made;
            }
            EXPECT_EQ(made, 7u);
            go = true;
            for (u32 i = 0; i < made; ++i) must_wait();
            child([] { return ""; });
            must_wait();
        },
        options);
}

TEST(ProcessLife, TheTableCountsWhatWasMade) {
    run_world([] {
        const TableCounts before = table().counts();
        for (u32 i = 0; i < 5; ++i) child([] { return ""; });
        for (u32 i = 0; i < 5; ++i) must_wait();
        const TableCounts after = table().counts();
        EXPECT_EQ(after.created, before.created + 5);
        EXPECT_EQ(after.live, before.live);
        EXPECT_GE(after.peak, before.live + 1);
        EXPECT_LE(after.slots, 8u);
    });
}

}  // namespace
}  // namespace kernel::proc::test
