// Watch sets: pages that programs do not reach, whatever is done to the space meanwhile.
#include "mm/watch_set.h"

#include <gtest/gtest.h>

#include "machine/boot_info.h"
#include "machine/memory.h"
#include "mm/address_space.h"
#include "mm/failure.h"
#include "mm/frames.h"
#include "mm/memory.h"
#include "tests/fixture/kernel_fixture.h"

namespace kernel::mm {
namespace {

using machine::UserAccess;
using machine::UserAttempt;
using Answer = machine::UserSpace::Answer;
using Faulted = AddressSpace::Faulted;

constexpr VirtAddr kBase{0x10000};

void run(const std::function<void()>& body) {
    fixture::run(
        {.harts = 1, .memory = 32 * kMiB, .boot = [] { initialize(machine::boot_info()); }},
        [&body] {
            const u64 before = page_counts().in_use();
            body();
            EXPECT_EQ(page_counts().in_use(), before);
        });
}

Ref<AddressSpace> make(u64 pages) {
    Ref<AddressSpace> space = AddressSpace::create().value();
    EXPECT_TRUE(space->add({.start = kBase, .end = kBase + pages * kPageSize}).ok());
    return space;
}

Ref<WatchSet> watch(const Ref<AddressSpace>& space, std::initializer_list<Watch> watches) {
    return WatchSet::create(space, std::span(watches.begin(), watches.size())).value();
}

TEST(WatchSet, HitsAreOfBytesInCommonAndOfWhatIsAskedFor) {
    run([] {
        const Ref<AddressSpace> space = make(1);
        const Ref<WatchSet> set = watch(space, {{.at = {100}, .size = 8, .stores = true},
                                                {.at = {104}, .size = 1, .loads = true},
                                                {.at = {0}, .size = 0, .loads = true},
                                                {.at = {0}, .size = 1000}});
        EXPECT_EQ(set->hits({92}, 8, true, true), 0u);
        EXPECT_EQ(set->hits({93}, 8, true, true), 1u);
        EXPECT_EQ(set->hits({107}, 1, false, true), 1u);
        EXPECT_EQ(set->hits({108}, 1, true, true), 0u);
        EXPECT_EQ(set->hits({104}, 1, true, false), 2u);
        EXPECT_EQ(set->hits({100}, 8, true, true), 3u);
        EXPECT_EQ(set->hits({104}, 0, true, true), 0u);
    });
}

TEST(WatchSet, ItsPagesFaultUntilItGoesAndNoOthersDo) {
    run([] {
        const Ref<AddressSpace> space = make(4);
        const VirtAddr second = kBase + kPageSize;
        const VirtAddr third = second + kPageSize;
        const VirtAddr last = third + kPageSize;
        for (const VirtAddr page : {kBase, second}) {
            EXPECT_EQ(space->fault(page, UserAttempt::kStore).value(), Faulted::kServed);
        }
        EXPECT_FALSE(space->is_watched());
        {
            // One over the end of a page that is there, into one that is not yet.
            const Ref<WatchSet> set = watch(space, {{.at = third - 1, .size = 2, .loads = true}});
            EXPECT_TRUE(space->is_watched());
            EXPECT_EQ(space->tables().reach(second, UserAttempt::kLoad), Answer::kHidden);
            EXPECT_EQ(space->tables().reach(kBase, UserAttempt::kStore), Answer::kAllowed);
            for (const UserAttempt attempt : {UserAttempt::kLoad, UserAttempt::kStore}) {
                EXPECT_EQ(space->fault(second, attempt).value(), Faulted::kWatched);
                EXPECT_EQ(space->fault(third, attempt).value(), Faulted::kWatched);
                EXPECT_EQ(space->tables().reach(third, attempt), Answer::kHidden);
                EXPECT_EQ(space->fault(last, attempt).value(), Faulted::kServed);
            }
            EXPECT_EQ(space->fault(second, UserAttempt::kExecute).error(), Error::kBadArg);
        }
        EXPECT_FALSE(space->is_watched());
        EXPECT_EQ(space->fault(second, UserAttempt::kStore).value(), Faulted::kServed);
        EXPECT_EQ(space->tables().reach(second, UserAttempt::kStore), Answer::kAllowed);
    });
}

TEST(WatchSet, WordsAreReachedAndForksHaveTheirOwn) {
    run([] {
        const Ref<AddressSpace> space = make(2);
        const Ref<WatchSet> set =
            watch(space, {{.at = kBase, .size = 2 * kPageSize, .stores = true}});
        EXPECT_TRUE(space->store(kBase, 8, 0x1122'3344'5566'7788).ok());
        EXPECT_EQ(space->load(kBase + 2, 2).value(), 0x5566u);
        EXPECT_EQ(space->load(kBase + 7, 1).value(), 0x11u);
        const Ref<AddressSpace> child = space->fork(AddressSpace::Data::kCopied).value();
        EXPECT_EQ(child->fault(kBase, UserAttempt::kStore).value(), Faulted::kServed);
        EXPECT_EQ(space->exchange(kBase, 4, 0xffff'ffff'5566'7788, 5).value(), 0x5566'7788u);
        EXPECT_EQ(space->exchange(kBase, 8, 1, 2).value(), 0x1122'3344'0000'0005u);
        EXPECT_EQ(space->load(kBase, 8).value(), 0x1122'3344'0000'0005u);
        EXPECT_EQ(child->load(kBase, 8).value(), 0x1122'3344'5566'7788u);
        // Data that is shared from now on: each space has its own pages to watch.
        const Ref<AddressSpace> thread = space->fork(AddressSpace::Data::kShared).value();
        EXPECT_EQ(thread->fault(kBase, UserAttempt::kLoad).value(), Faulted::kServed);
        EXPECT_EQ(space->fault(kBase, UserAttempt::kStore).value(), Faulted::kWatched);
        EXPECT_TRUE(thread->store(kBase, 4, 6).ok());
        EXPECT_EQ(space->load(kBase, 4).value(), 6u);
        EXPECT_EQ(space->load({0}, 1).error(), Error::kBadArg);
        EXPECT_EQ(space->load({machine::kUserEnd}, 1).error(), Error::kBadArg);
    });
}

TEST(WatchSet, WhatIsForgottenDetachedOrMadeAnewIsWatchedAgain) {
    run([] {
        const Ref<AddressSpace> space = make(2);
        EXPECT_TRUE(space->store(kBase, 8, 1).ok());
        const Ref<WatchSet> set = watch(space, {{.at = kBase, .size = 8, .stores = true}});
        EXPECT_TRUE(space->forget(kBase, kPageSize).ok());
        EXPECT_EQ(space->tables().reach(kBase, UserAttempt::kLoad), Answer::kNothing);
        EXPECT_EQ(space->fault(kBase, UserAttempt::kLoad).value(), Faulted::kWatched);
        EXPECT_EQ(space->tables().reach(kBase, UserAttempt::kLoad), Answer::kHidden);
        EXPECT_EQ(space->fault(kBase, UserAttempt::kStore).value(), Faulted::kWatched);
        EXPECT_EQ(space->tables().reach(kBase, UserAttempt::kStore), Answer::kHidden);
    });
}

TEST(WatchSet, ADeviceIsNotWatched) {
    run([] {
        const PhysicalSegment device{.range = {PhysAddr{0x10'0000}, kPageSize}};
        const Ref<AddressSpace> space = make(1);
        const VirtAddr at = space
                                ->attach_device(device, {0}, kPageSize, UserAccess::kReadWrite,
                                                AddressSpace::OnExec::kClosed)
                                .value();
        const Ref<WatchSet> set =
            watch(space, {{.at = {0}, .size = machine::kUserEnd, .loads = true, .stores = true}});
        EXPECT_EQ(space->fault(at, UserAttempt::kLoad).value(), Faulted::kServed);
        EXPECT_EQ(space->tables().reach(at, UserAttempt::kLoad), Answer::kAllowed);
        EXPECT_EQ(space->load(at, 4).error(), Error::kBadArg);
    });
}

TEST(WatchSet, WithoutMemoryNothingIsWatched) {
    run([] {
        const Ref<AddressSpace> space = make(1);
        EXPECT_TRUE(space->store(kBase, 8, 1).ok());
        // Tables that a fork shares must be copied to hide what they lead to.
        const Ref<AddressSpace> child = space->fork(AddressSpace::Data::kCopied).value();
        const Watch all{.at = kBase, .size = 8, .stores = true};
        static u32 allowed;
        u32 failures = 0;
        for (u32 n = 0;; ++n) {  // ends when nothing fails
            allowed = n;
            set_failure_hook([](usize) { return allowed == 0 ? true : (--allowed, false); });
            const Result<Ref<WatchSet>> set = WatchSet::create(space, std::span(&all, 1));
            set_failure_hook(nullptr);
            EXPECT_EQ(space->is_watched(), set.ok());
            if (set.ok()) break;
            EXPECT_EQ(set.error(), Error::kNoMemory);
            EXPECT_EQ(space->fault(kBase, UserAttempt::kStore).value(), Faulted::kServed);
            EXPECT_EQ(space->load(kBase, 8).value(), 1u);
            ++failures;
        }
        EXPECT_GE(failures, 1u);
    });
}

}  // namespace
}  // namespace kernel::mm
