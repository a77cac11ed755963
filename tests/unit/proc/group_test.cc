// Note groups: who is in them, and who gets their notes.
#include <gtest/gtest.h>

#include "proc/control.h"
#include "proc/notes.h"
#include "proc/self.h"
#include "sched/rendez.h"
#include "tests/unit/proc/process_world.h"

namespace kernel::proc::test {
namespace {

/// A child that stays in calls until a note ends it.
ProcId sleeper(GroupOf group = GroupOf::kMaker) {
    return child(
        [] {
            sched::Rendez rendez;
            (void)call_done(sched::sleep(rendez, [] { return false; }));
            ADD_FAILURE() << "came back";
            return "";
        },
        {.name = "sleeper", .group = group});
}

u32 id_of(ProcId process) {
    const ProcHold hold = table().hold(process.pid);
    if (!hold) return 0;
    hold->assert_held();
    return note_id_locked(*hold);
}

TEST(NoteGroups, AChildIsInItsMakersGroupOrLeadsItsOwn) {
    run_world([] {
        const ProcId same = sleeper();
        const ProcId own = sleeper(GroupOf::kSelf);
        EXPECT_EQ(id_of(same), 1u);
        EXPECT_EQ(id_of(own), own.pid);
        EXPECT_TRUE(kill(ref_of(same.pid)).ok());
        EXPECT_TRUE(kill(ref_of(own.pid)).ok());
        EXPECT_TRUE(must_wait().message.view().ends_with(": Killed"));
        must_wait();
    });
}

TEST(NoteGroups, ANoteReachesAllButTheWriter) {
    run_world([] {
        for (u32 i = 0; i < 40; ++i) sleeper();
        const ProcId outside = sleeper(GroupOf::kSelf);
        post_to_group(*group_of(current().id()), "hangup");
        for (u32 i = 0; i < 40; ++i) {
            EXPECT_TRUE(must_wait().message.view().ends_with(": hangup"));
        }
        EXPECT_FALSE(current().task().interrupt_pending());
        EXPECT_EQ(id_of(outside), outside.pid);
        EXPECT_TRUE(post_to_group_of(outside.pid, "term").ok());
        EXPECT_TRUE(must_wait().message.view().ends_with(": term"));
    });
}

TEST(NoteGroups, WhatAnInterruptPostsSparesNotTheProcessItFindsRunning) {
    run_world([] {
        const ProcId member = child(
            [] {
                EXPECT_TRUE(post_to_group_of(current().id().pid, "interrupt").ok());
                end_of_call();
                return "spared";
            },
            {.group = GroupOf::kSelf});
        const WaitRecord record = must_wait();
        EXPECT_EQ(record.id, member);
        EXPECT_TRUE(record.message.view().ends_with(": interrupt")) << record.message.view();
    });
}

TEST(NoteGroups, AGroupOutlivesItsLeaderAndItsNumberToo) {
    run_world([] {
        std::atomic<u32> member{0};
        std::atomic<bool> go{false};
        const ProcId leader = child(
            [&] {
                member = sleeper().pid;
                eventually([&] { return go.load(); });
                return "";
            },
            {.name = "leader", .group = GroupOf::kSelf});
        eventually([&] { return member.load() != 0; });
        Ref<NoteGroup> group = group_of(leader);
        go = true;
        EXPECT_EQ(must_wait().id, leader);
        EXPECT_FALSE(table().lookup(leader.pid).has_value());
        EXPECT_EQ(group->number(), leader.pid);
        // Held by the group, and by the member as its maker's.
        EXPECT_EQ(table().pids().references(leader.pid), 2u);
        EXPECT_TRUE(bool(NoteGroup::find(leader.pid)));
        post_to_group(*group, "bye");
        EXPECT_TRUE(must_wait().message.view().ends_with(": bye"));
        // Without members it is dead, whoever still holds it.
        EXPECT_EQ(table().pids().references(leader.pid), 0u);
        EXPECT_FALSE(bool(NoteGroup::find(leader.pid)));
        post_to_group(*group, "nobody");
    });
}

TEST(NoteGroups, JoiningFollowsTheRules) {
    run_world([] {
        const ProcId one = sleeper(GroupOf::kSelf);
        const ProcId two = sleeper(GroupOf::kSelf);
        const ProcRef ref = ref_of(two.pid);
        EXPECT_EQ(outcome(set_note_id(ref, 0)), "bad arg in system call");
        EXPECT_EQ(outcome(set_note_id(ref, 77777)), "permission denied");
        EXPECT_TRUE(set_note_id(ref, two.pid).ok());  // already
        EXPECT_TRUE(set_note_id(ref, one.pid).ok());
        EXPECT_EQ(id_of(two), one.pid);
        EXPECT_FALSE(bool(NoteGroup::find(two.pid)));
        EXPECT_TRUE(set_note_id(ref, two.pid).ok());  // leader of a fresh one
        EXPECT_EQ(id_of(two), two.pid);
        EXPECT_TRUE(set_note_id(ref, one.pid).ok());
        EXPECT_TRUE(post_to_group_of(one.pid, "both").ok());
        must_wait();
        must_wait();
        EXPECT_EQ(outcome(set_note_id(ref, 1)), "process exited");
        EXPECT_EQ(outcome(set_note_id(ProcRef{}, 1)), "process exited");
    });
}

TEST(NoteGroups, OnlyTheSameUsersGroupMayBeJoined) {
    run_world([] {
        std::atomic<bool> ready{false};
        std::atomic<bool> go{false};
        const ProcId other = child(
            [&] {
                set_user("glenda");
                ready = true;
                eventually([&] { return go.load(); });
                return "";
            },
            {.name = "glenda", .group = GroupOf::kSelf});
        eventually([&] { return ready.load(); });
        const ProcId mine = sleeper(GroupOf::kSelf);
        EXPECT_EQ(outcome(set_note_id(ref_of(mine.pid), other.pid)), "permission denied");
        rename_user("glenda", "eve");
        EXPECT_TRUE(set_note_id(ref_of(mine.pid), other.pid).ok());
        EXPECT_TRUE(kill(ref_of(mine.pid)).ok());
        must_wait();
        go = true;
        must_wait();
    });
}

TEST(NoteGroups, RegroupMakesANewGroupUnlessAloneAlready) {
    run_world([] {
        child([] {
            EXPECT_EQ(note_id(current()), 1u);
            EXPECT_TRUE(regroup({.new_note_group = true}).ok());
            const u32 id = note_id(current());
            EXPECT_NE(id, 1u);
            EXPECT_NE(id, current().id().pid);
            EXPECT_TRUE(regroup({.new_note_group = true}).ok());
            EXPECT_EQ(note_id(current()), id);
            return "";
        });
        must_wait();
    });
}

TEST(NoteGroups, ADeliveryMeetsWhoeverIsMadeByAMemberItHasNotMet) {
    // A storm of makers in one group against one note to it: nobody may be left.
    const auto storm = [] {
        struct Maker {
            static std::string run(u32 depth) {
                for (;;) {  // ends by the note
                    if (depth < 3) {
                        const Result<ProcId> made =
                            try_child([depth] { return run(depth + 1); }, {.name = "maker"});
                        end_of_call(made);
                    }
                    (void)call_done(sched::sleep_for(nanos_from_micros(30)));
                    if (table().counts().live > 40) depth = 3;
                }
            }
        };
        const ProcId first =
            child([] { return Maker::run(0); }, {.name = "maker", .group = GroupOf::kSelf});
        eventually([] { return table().counts().live > 6; });
        Ref<NoteGroup> group = group_of(first);
        post_to_group(*group, "enough");
        eventually([] { return table().counts().live == 1; });
        EXPECT_EQ(table().pids().references(first.pid), 1u);  // its record
        while (wait().ok()) continue;
    };
    run_world_seeds(60, 3, storm);
}

}  // namespace
}  // namespace kernel::proc::test
