// Ends and waits under many schedules: each record is delivered once or dropped by rule, nothing
// hangs, nothing stays.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <vector>

#include "machine/random.h"
#include "proc/broken.h"
#include "proc/control.h"
#include "proc/exit.h"
#include "proc/notes.h"
#include "proc/self.h"
#include "sched/rendez.h"
#include "tests/unit/proc/process_world.h"

namespace kernel::proc::test {
namespace {

constexpr u64 kSeeds = 1000;

/// A span of time that the seed decides; often none.
void dawdle() {
    const u64 draw = machine::jitter();
    // ignored: a note only shortens it.
    if (draw % 2 == 0) (void)sched::sleep_for(nanos_from_micros(draw / 2 % 100));
}

/// The records that came, from whatever process, and whose they are.
class Delivered {
public:
    void note(const WaitRecord& record) {
        const std::lock_guard lock(mutex_);
        EXPECT_TRUE(ids_.insert(record.id.serial).second)
            << "the record of " << record.id.pid << " came twice";
        std::array<char, 64> expected;
        EXPECT_EQ(record.message.view(), format_into(expected, "child {}: bye", record.id.pid));
    }
    bool has(ProcId id) {
        const std::lock_guard lock(mutex_);
        return ids_.contains(id.serial);
    }
    u64 count() {
        const std::lock_guard lock(mutex_);
        return ids_.size();
    }

private:
    std::mutex mutex_;
    std::set<u64> ids_;  // protected by mutex_
};

/// A child that ends soon.
ProcId short_child() {
    return child([] {
        dawdle();
        return "bye";
    });
}

/// Waits for all children of the current process, through notes and interrupts.
void wait_for_all(Delivered& delivered) {
    for (;;) {  // ends when there is no child
        const Result<WaitRecord> record = call_done(wait());
        if (record.ok()) {
            delivered.note(record.value());
        } else if (record.error() != Error::kInterrupted) {
            EXPECT_EQ(outcome(record), "no living children");
            return;
        }
    }
}

TEST(ExitWaitSchedules, EachChildIsWaitedForOnce) {
    run_world_seeds(kSeeds, 3, [] {
        Delivered delivered;
        std::vector<ProcId> made;
        for (u32 i = 0; i < 6; ++i) made.push_back(short_child());
        wait_for_all(delivered);
        for (const ProcId id : made) EXPECT_TRUE(delivered.has(id));
        EXPECT_EQ(delivered.count(), made.size());
    });
}

TEST(ExitWaitSchedules, ChildrenMayEndBeforeDuringAndAfterTheWaitBegins) {
    run_world_seeds(kSeeds, 2, [] {
        Delivered delivered;
        const ProcId before = child([] { return "bye"; });
        eventually([] { return waiting_records(current().ref()) == 1; });
        const ProcId during = short_child();
        // Ends only because the parent has waited for the first.
        std::atomic<bool> go{false};
        const ProcId after = child([&] {
            eventually([&] { return go.load(); });
            return "bye";
        });
        delivered.note(must_wait());
        go = true;
        wait_for_all(delivered);
        for (const ProcId id : {before, during, after}) EXPECT_TRUE(delivered.has(id));
    });
}

TEST(ExitWaitSchedules, ManyParentsAtOnceGetTheirOwn) {
    run_world_seeds(kSeeds / 4, 3, [] {
        for (u32 i = 0; i < 3; ++i) {
            child([] {
                Delivered delivered;
                std::set<u32> made;
                for (u32 n = 0; n < 3; ++n) made.insert(short_child().pid);
                for (u32 n = 0; n < 3; ++n) {
                    const WaitRecord record = must_wait();
                    EXPECT_EQ(made.erase(record.id.pid), 1u);
                    delivered.note(record);
                }
                return "bye";
            });
        }
        Delivered parents;
        wait_for_all(parents);
        EXPECT_EQ(parents.count(), 3u);
    });
}

TEST(ExitWaitSchedules, NotesThatInterruptTheWaitLoseNoRecord) {
    run_world_seeds(kSeeds, 3, [] {
        Delivered delivered;
        std::atomic<u32> handled{0};
        std::atomic<bool> armed{false};
        const ProcId parent = child([&] {
            set_note_handler(
                [](void* count, const Note&) {
                    ++*static_cast<std::atomic<u32>*>(count);
                    return NoteAnswer::kHandled;
                },
                &handled);
            armed = true;
            std::array<ProcId, 3> made;
            for (ProcId& one : made) {
                // A note may also end the making of a child: then there is none.
                for (;;) {
                    const Result<ProcId> child = call_done(try_child([] {
                        set_note_handler(nullptr, nullptr);
                        dawdle();
                        return "bye";
                    }));
                    if (child.ok()) one = child.value();
                    if (child.ok() || child.error() != Error::kInterrupted) break;
                }
            }
            wait_for_all(delivered);
            for (const ProcId id : made) EXPECT_TRUE(delivered.has(id));
            return "bye";
        });
        eventually([&] { return armed.load(); });
        const ProcRef ref = ref_of(parent.pid);
        u32 posted = 0;
        for (u32 i = 0; i < 4; ++i) {
            // Fails when the parent has ended, or has not yet seen five.
            if (post_note(ref, NoteKind::kUser, "look here").ok()) ++posted;
            dawdle();
        }
        EXPECT_EQ(must_wait().id, parent);
        EXPECT_EQ(delivered.count(), 3u);
        EXPECT_LE(handled, posted);
    });
}

TEST(ExitWaitSchedules, ChildrenOfOneThatEndsAreWaitedForByProcess1OrDroppedWithIt) {
    run_world_seeds(kSeeds, 3, [] {
        std::atomic<bool> go{false};
        std::mutex mutex;
        std::set<u64> late;   // those that outlive their parent
        std::set<u64> early;  // those that may do either
        const ProcId parent = child([&] {
            for (u32 i = 0; i < 4; ++i) {
                const bool waits = i % 2 == 0;
                const ProcId made = child([&go, waits] {
                    if (waits) {
                        eventually([&] { return go.load(); });
                    } else {
                        dawdle();
                    }
                    return "bye";
                });
                const std::lock_guard lock(mutex);
                (waits ? late : early).insert(made.serial);
            }
            dawdle();
            return "bye";
        });
        // Its record comes first or after those of children that it left behind.
        Delivered delivered;
        do {
            delivered.note(must_wait());
        } while (!delivered.has(parent));
        go = true;
        wait_for_all(delivered);
        u64 of_early = 0;
        for (const u64 serial : late) EXPECT_TRUE(delivered.has({0, serial}));
        for (const u64 serial : early) of_early += delivered.has({0, serial}) ? 1 : 0;
        EXPECT_EQ(delivered.count(), 1 + late.size() + of_early);
    });
}

TEST(ExitWaitSchedules, AKilledWaiterLeavesItsChildrenToProcess1) {
    run_world_seeds(kSeeds, 3, [] {
        Delivered delivered;
        std::atomic<bool> ready{false};
        std::atomic<bool> go{false};
        const ProcId parent = child([&] {
            for (u32 i = 0; i < 2; ++i) {
                child([&] {
                    eventually([&] { return go.load(); });
                    return "bye";
                });
            }
            ready = true;
            (void)call_done(wait());
            return "survived";
        });
        const ProcRef ref = ref_of(parent.pid);
        // Waits for its children, or is about to; the kill meets both.
        eventually([&] { return ready.load(); });
        dawdle();
        EXPECT_TRUE(kill(ref).ok());
        const WaitRecord first = must_wait();
        EXPECT_EQ(first.id, parent);
        EXPECT_TRUE(first.message.view().ends_with(": Killed")) << first.message.view();
        go = true;
        wait_for_all(delivered);
        EXPECT_EQ(delivered.count(), 2u);
    });
}

TEST(ExitWaitSchedules, OfTwoWaitersForTheSameRecordsEachRecordGoesToOne) {
    run_world_seeds(kSeeds, 3, [] {
        Delivered delivered;
        std::atomic<bool> done{false};
        std::atomic<bool> reader_ended{false};
        const ProcRef parent = current().ref();
        // Reads the parent's records as a reader of /proc/1/wait does.
        kernel_child([&delivered, &done, &reader_ended, parent] {
            while (!done) {
                const Result<WaitRecord> record = wait_of(parent);
                if (record.ok()) {
                    delivered.note(record.value());
                } else {
                    EXPECT_EQ(record.error(), Error::kInUse);
                    dawdle();
                }
            }
            reader_ended = true;
        });
        for (u32 i = 0; i < 4; ++i) short_child();
        while (delivered.count() < 4) {
            const Result<WaitRecord> record = wait();
            if (record.ok()) {
                delivered.note(record.value());
            } else {
                EXPECT_TRUE(record.error() == Error::kInUse ||
                            record.error() == Error::kNoLivingChildren);
                dawdle();
                sched::yield();
            }
        }
        // A reader that waits for one more gets this one; or it has seen that there is none.
        done = true;
        short_child();
        eventually([&] { return reader_ended.load(); });
        wait_for_all(delivered);
        EXPECT_EQ(delivered.count(), 5u);
    });
}

TEST(ExitWaitSchedules, RecordsBeyondThoseKeptAreCounted) {
    run_world_seeds(kSeeds / 50, 3, [] {
        constexpr u32 kMade = kRecordsKept + 7;
        for (u32 i = 0; i < kMade; ++i) child([] { return "bye"; });
        eventually([] { return table().counts().live == 1; });
        Delivered delivered;
        u64 lost = 0;
        for (;;) {  // ends when all are read
            const Result<WaitRecord> record = wait();
            if (!record.ok()) break;
            if (record.value().id == ProcId{}) {
                EXPECT_EQ(record.value().message.view(), "lost 7");
                lost += 7;
            } else {
                delivered.note(record.value());
            }
        }
        EXPECT_EQ(delivered.count() + lost, kMade);
    });
}

TEST(ExitWaitSchedules, ChildrenNobodyWaitsForLeaveNoRecordAndDoNotKeepTheWaiter) {
    run_world_seeds(kSeeds, 3, [] {
        for (u32 i = 0; i < 3; ++i) {
            child(
                [] {
                    dawdle();
                    return "unseen";
                },
                {.name = "quiet", .waited = Waited::kNo});
        }
        const ProcId seen = short_child();
        EXPECT_EQ(must_wait().id, seen);
        EXPECT_EQ(outcome(wait()), "no living children");
    });
}

/// A child that dies so that it stays Broken.
ProcId breaking_child() {
    return child([] {
        dawdle();
        exits_by_note(NoteKind::kDebug, "sys: trap");
        return "";
    });
}

TEST(ExitWaitSchedules, WhoIsToldToEndOnTheWayToBrokenDoesNotStay) {
    run_world_seeds(kSeeds, 3, [] {
        for (const bool waits_first : {true, false}) {
            const ProcRef ref = ref_of(breaking_child().pid);
            if (waits_first) {
                must_wait();
                EXPECT_TRUE(kill(ref).ok());
            } else {
                dawdle();
                (void)kill(ref);  // ignored: it may be gone
                must_wait();
            }
            eventually([&] { return !table().hold(ref); });
        }
    });
}

TEST(ExitWaitSchedules, WhoeverStaysBrokenIsFoundByThoseWhoReleaseAll) {
    run_world_seeds(kSeeds / 4, 4, [] {
        constexpr u32 kMade = 3 * kBrokenKept;
        std::vector<ProcRef> all;
        for (u32 i = 0; i < kMade; ++i) all.push_back(ref_of(breaking_child().pid));
        for (u32 i = 0; i < kMade; ++i) must_wait();
        const auto there = [&all] {
            return std::ranges::count_if(all, [](ProcRef ref) { return bool(table().hold(ref)); });
        };
        eventually([&] { return there() <= i64{kBrokenKept}; });
        EXPECT_EQ(there(), i64{kBrokenKept});
        EXPECT_TRUE(release_all_broken());
        eventually([&] { return there() == 0; });
    });
}

TEST(ExitWaitSchedules, ANewHostOwnerTakesEverybodyAlongButWhoHasLeft) {
    run_world_seeds(kSeeds / 4, 3, [] {
        std::atomic<bool> done{false};
        const ProcId leaves = child([&done] {
            dawdle();
            set_user("none");
            while (!done) sched::yield();
            return me().user().view() == "none" ? "" : "was taken back";
        });
        for (u32 i = 0; i < 2; ++i) {
            child([&done] {
                while (!done) {
                    child([] { return std::string(me().user().view()); });
                    must_wait();
                }
                child([] { return std::string(me().user().view()); });
                return std::string(must_wait().message.view()).ends_with(": glenda") ? "" : "not taken along";
            });
        }
        dawdle();
        rename_user("eve", "glenda");
        eventually([] {
            ProcTable::Cursor cursor;
            while (const std::optional<ProcRef> next = table().next(cursor)) {
                const ProcHold hold = table().hold(*next);
                if (hold && hold->caller().user().view() == "eve") return false;
            }
            return true;
        });
        done = true;
        for (u32 i = 0; i < 3; ++i) {
            const WaitRecord record = must_wait();
            EXPECT_TRUE(record.message.empty()) << record.message.view() << (record.id == leaves);
        }
    });
}

}  // namespace
}  // namespace kernel::proc::test
