// Descriptors: lowest first, growth and limits, copies, and the rows that /proc shows.
#include "chan/fd_group.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/chan/world.h"

namespace kernel::chan {
namespace {

using test::must_open;
using test::outcome;
using test::run_world;
using test::World;

std::string fd_text(const Caller& caller) {
    std::string all;
    u64 cursor = 0;
    for (;;) {
        std::array<char, 500> text;
        BufferSink sink(text);
        const u64 next = MUST(print_fd_record(caller, cursor, sink));
        if (sink.text().empty()) return all;
        all += sink.text();
        cursor = next;
    }
}

TEST(FdGroup, TheLowestFreeDescriptorIsTaken) {
    run_world([](World& world) {
        FdGroup& fds = world.caller.my_fds();
        const Ref<Chan> chan = must_open(world.caller, "/f", kORead);
        EXPECT_EQ(MUST(fds.add(chan)), 0);
        EXPECT_EQ(MUST(fds.add(chan)), 1);
        EXPECT_EQ(MUST(fds.add(chan)), 2);
        EXPECT_EQ(outcome(fds.close(1)), "ok");
        EXPECT_EQ(MUST(fds.add(chan)), 1);
        EXPECT_EQ(MUST(fds.add(chan)), 3);
        EXPECT_EQ(chan->ref_count(), 5u);
        fds.close_all();
        EXPECT_EQ(chan->ref_count(), 1u);
    });
}

TEST(FdGroup, WhatIsNotOpenIsRefused) {
    run_world([](World& world) {
        FdGroup& fds = world.caller.my_fds();
        for (i32 fd : {-1, 0, 7, 20, 1000000, std::numeric_limits<i32>::min()}) {
            EXPECT_EQ(outcome(fds.get(fd)), "fd out of range or not open") << fd;
            EXPECT_EQ(outcome(fds.close(fd)), "fd out of range or not open") << fd;
        }
        const Ref<Chan> chan = must_open(world.caller, "/f", kORead);
        EXPECT_EQ(outcome(fds.put(-1, chan)), "fd out of range or not open");
        EXPECT_EQ(outcome(fds.put(kFdMax, chan)), "fd out of range or not open");
    });
}

TEST(FdGroup, TheUseMustFitTheMode) {
    run_world([](World& world) {
        FdGroup& fds = world.caller.my_fds();
        const i32 reads = MUST(fds.add(must_open(world.caller, "/f", kORead)));
        const i32 writes = MUST(fds.add(must_open(world.caller, "/f", kOWrite)));
        const i32 both = MUST(fds.add(must_open(world.caller, "/f", kORdWr)));
        EXPECT_TRUE(fds.get(reads, FdUse::kRead).ok());
        EXPECT_EQ(outcome(fds.get(reads, FdUse::kWrite)), "inappropriate use of fd");
        EXPECT_EQ(outcome(fds.get(reads, FdUse::kReadWrite)), "inappropriate use of fd");
        EXPECT_TRUE(fds.get(writes, FdUse::kWrite).ok());
        EXPECT_EQ(outcome(fds.get(writes, FdUse::kRead)), "inappropriate use of fd");
        EXPECT_TRUE(fds.get(both, FdUse::kReadWrite).ok());
        EXPECT_TRUE(fds.get(writes, FdUse::kAny).ok());
    });
}

TEST(FdGroup, PuttingReplacesAndGrows) {
    run_world([](World& world) {
        FdGroup& fds = world.caller.my_fds();
        const Ref<Chan> first = must_open(world.caller, "/f", kORead);
        const Ref<Chan> second = must_open(world.caller, "/f", kORead);
        EXPECT_EQ(MUST(fds.put(77, first)), 77);
        EXPECT_EQ(MUST(fds.put(77, second)), 77);
        EXPECT_EQ(first->ref_count(), 1u);
        EXPECT_EQ(MUST(fds.get(77)), second);
        EXPECT_EQ(MUST(fds.add(first)), 0);
        // Onto itself nothing changes.
        EXPECT_EQ(MUST(fds.put(77, second)), 77);
        EXPECT_EQ(second->ref_count(), 2u);
    });
}

TEST(FdGroup, TheTableGrowsToItsLimit) {
    run_world([](World& world) {
        FdGroup& fds = world.caller.my_fds();
        const Ref<Chan> chan = must_open(world.caller, "/f", kORead);
        for (usize i = 0; i < kFdMax; ++i) ASSERT_TRUE(fds.add(chan).ok()) << i;
        EXPECT_EQ(outcome(fds.add(chan)), "no free file descriptors");
        EXPECT_EQ(outcome(fds.close(4321)), "ok");
        EXPECT_EQ(MUST(fds.add(chan)), 4321);
        const Ref<FdGroup> copy = MUST(fds.copy());
        EXPECT_EQ(chan->ref_count(), 1 + 2 * kFdMax);
    });
}

TEST(FdGroup, CopiesShareChannelsButNotSlots) {
    run_world([](World& world) {
        FdGroup& fds = world.caller.my_fds();
        const Ref<Chan> chan = must_open(world.caller, "/f", kORead);
        ASSERT_TRUE(fds.put(2, chan).ok());
        ASSERT_TRUE(fds.put(30, chan, OnExec::kClose).ok());
        const Ref<FdGroup> copy = MUST(fds.copy());
        EXPECT_EQ(MUST(copy->get(2)), chan);
        EXPECT_EQ(outcome(fds.close(2)), "ok");
        EXPECT_EQ(MUST(copy->get(2)), chan);
        copy->close_on_exec();
        EXPECT_EQ(outcome(copy->get(30)), "fd out of range or not open");
        EXPECT_EQ(outcome(fds.get(30)), "ok");
        EXPECT_EQ(outcome(copy->get(2)), "ok");
    });
}

TEST(FdGroup, TheRowsAreThoseOfProcFd) {
    run_world([](World& world) {
        FdGroup& fds = world.caller.my_fds();
        world.root.find("f")->path = 0xabc;
        const Ref<Chan> chan = must_open(world.caller, "/f", kORdWr);
        chan->set_io_unit(8192);
        chan->advance(1234);
        ASSERT_TRUE(fds.put(3, chan).ok());
        ASSERT_TRUE(fds.put(4, must_open(world.caller, "#r/x", kORead)).ok());
        ASSERT_TRUE(fds.put(123, must_open(world.caller, "#r/g", kOWrite)).ok());
        EXPECT_EQ(fd_text(world.caller),
                  "/\n"
                  "  3 rw /    0 (0000000000000abc 0 00)  8192     1234 /f\n"
                  "  4 r  r    0 (0000000000000001 0 80)     0        0 #r/x\n"
                  "123 w  r    0 (0000000000000004 0 00)     0        0 #r/g\n");
    });
}

TEST(FdGroup, AProcessThatIsGoneHasNoRows) {
    run_world([](World& world) {
        Caller gone;
        test::start_like(world.caller, gone, "eve");
        gone.finish();
        EXPECT_EQ(fd_text(gone), "");
    });
}

TEST(FdGroup, ManyTasksOpenAndCloseInOneGroup) {
    test::run_world(
        [](World& world) {
            FdGroup& fds = world.caller.my_fds();
            const Ref<Chan> chan = must_open(world.caller, "/f", kORead);
            fixture::in_parallel(4, [&](u32) {
                std::vector<i32> mine;
                for (int round = 0; round < 50; ++round) {
                    for (int i = 0; i < 20; ++i) mine.push_back(MUST(fds.add(chan)));
                    while (!mine.empty()) {
                        EXPECT_TRUE(fds.get(mine.back(), FdUse::kRead).ok());
                        EXPECT_TRUE(fds.close(mine.back()).ok());
                        mine.pop_back();
                    }
                }
            });
            EXPECT_EQ(chan->ref_count(), 1u);
        },
        {}, 4);
}

}  // namespace
}  // namespace kernel::chan
