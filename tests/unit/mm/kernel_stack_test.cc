// KernelStack: usable to its last byte, guarded below, cached within bounds, whole under
// exhaustion.
#include "mm/kernel_stack.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "machine/memory.h"
#include "mm/frames.h"
#include "mm/reclaim.h"
#include "mm/stack_places.h"
#include "tests/host/common/arena.h"
#include "tests/unit/mm/test_ram.h"

namespace kernel::mm {
namespace {

constexpr usize kStackPages = KernelStack::kSize / kPageSize;
constexpr u64 kUnmappedTogether = 16;

class KernelStackTest : public testing::MemoryTest {
protected:
    KernelStackTest() : MemoryTest(64 * kMiB) {}
};
static_assert(!std::is_copy_constructible_v<KernelStack>);

TEST_F(KernelStackTest, IsWritableFromEndToEnd) {
    const KernelStack stack = std::move(KernelStack::create()).value();
    EXPECT_EQ(stack.bytes().size(), KernelStack::kSize);
    EXPECT_TRUE(is_aligned(VirtAddr::of(stack.bytes().data()).value, 16));
    std::memset(stack.bytes().data(), 0x11, stack.bytes().size());
    EXPECT_EQ(page_counts().in_use(), kStackPages);
}

TEST_F(KernelStackTest, StacksDoNotOverlap) {
    std::vector<KernelStack> stacks;
    for (u8 i = 0; i < 20; ++i) {
        stacks.push_back(std::move(KernelStack::create()).value());
        std::memset(stacks.back().bytes().data(), i, KernelStack::kSize);
    }
    for (u8 i = 0; i < 20; ++i) {
        for (const std::byte byte : stacks[i].bytes()) ASSERT_EQ(u8(byte), i);
    }
}

using KernelStackDeathTest = KernelStackTest;

TEST_F(KernelStackDeathTest, OverflowingHitsTheGuard) {
    const KernelStack first = std::move(KernelStack::create()).value();
    const KernelStack second = std::move(KernelStack::create()).value();
    for (const KernelStack* stack : {&first, &second}) {
        auto* below = reinterpret_cast<volatile u8*>(stack->bytes().data()) - 1;
        EXPECT_DEATH(*below = 1, "");
        EXPECT_TRUE(is_stack_guard(VirtAddr::of(stack->bytes().data()) - 1));
        EXPECT_TRUE(is_stack_guard(VirtAddr::of(stack->bytes().data()) - kPageSize));
        EXPECT_FALSE(is_stack_guard(VirtAddr::of(stack->bytes().data())));
    }
    EXPECT_FALSE(is_stack_guard(VirtAddr{0}));
    EXPECT_FALSE(is_stack_guard(machine::direct_map(host::kRamStart)));
    EXPECT_FALSE(is_stack_guard(machine::kernel_area().start + machine::kernel_area().size));
}

TEST_F(KernelStackDeathTest, AStackThatWasUnmappedIsOutOfReach) {
    KernelStack stack = std::move(KernelStack::create()).value();
    auto* byte = reinterpret_cast<volatile u8*>(stack.bytes().data());
    stack = KernelStack();
    while (reclaim_memory(1)) {
    }
    EXPECT_DEATH(*byte = 1, "");
}

TEST_F(KernelStackTest, AFreedStackServesTheNextOne) {
    KernelStack stack = std::move(KernelStack::create()).value();
    const void* where = stack.bytes().data();
    stack = KernelStack();
    EXPECT_FALSE(stack);
    EXPECT_EQ(page_counts().cached_stacks, kStackPages);
    EXPECT_EQ(page_counts().in_use(), 0u);
    stack = std::move(KernelStack::create()).value();
    EXPECT_EQ(stack.bytes().data(), where);
    EXPECT_EQ(page_counts().cached_stacks, 0u);
}

/// With room for many stacks, which are large on the host.
class ManyKernelStacksTest : public testing::MemoryTest {
protected:
    ManyKernelStacksTest() : MemoryTest(512 * kMiB) {}
};

TEST_F(ManyKernelStacksTest, ASixteenthOfMemoryIsKeptAsStacks) {
    const u64 most = page_counts().total / 16 / kStackPages;
    ASSERT_GT(most, 2 * kUnmappedTogether);
    {
        std::vector<KernelStack> stacks;
        for (u64 i = 0; i < 2 * most; ++i) {
            stacks.push_back(std::move(KernelStack::create()).value());
        }
        EXPECT_EQ(page_counts().in_use(), 2 * most * kStackPages);
    }
    const u64 kept = page_counts().cached_stacks / kStackPages;
    EXPECT_LE(kept, most);
    EXPECT_GT(kept, most - kUnmappedTogether);
    EXPECT_EQ(page_counts().in_use(), 0u);
    // All of those serve again, before any is made.
    std::set<const void*> seen;
    std::vector<KernelStack> stacks;
    for (u64 i = 0; i < kept; ++i) {
        stacks.push_back(std::move(KernelStack::create()).value());
        EXPECT_TRUE(seen.insert(stacks.back().bytes().data()).second);
    }
    EXPECT_EQ(page_counts().cached_stacks, 0u);
}

TEST_F(ManyKernelStacksTest, OneShootdownServesManyStacks) {
    const u64 most = page_counts().total / 16 / kStackPages;
    const u64 before = host::shootdowns();
    {
        std::vector<KernelStack> stacks;
        for (u64 i = 0; i < 2 * most; ++i) {
            stacks.push_back(std::move(KernelStack::create()).value());
        }
    }
    EXPECT_GE(host::shootdowns() - before, most / kUnmappedTogether);
    EXPECT_LE(host::shootdowns() - before, most / kUnmappedTogether + 1);
    // So too when all are taken back.
    const u64 kept = page_counts().cached_stacks / kStackPages;
    const u64 then = host::shootdowns();
    EXPECT_TRUE(reclaim_memory(2));
    EXPECT_EQ(page_counts().cached_stacks, 0u);
    EXPECT_GE(host::shootdowns() - then, kept / kUnmappedTogether);
    EXPECT_LE(host::shootdowns() - then, kept / kUnmappedTogether + 1);
}

TEST_F(KernelStackTest, ExhaustionIsAnOrdinaryErrorThatKeepsNothing) {
    u64 count = 0;
    {
        std::vector<KernelStack> stacks;
        for (;;) {
            Result<KernelStack> next = KernelStack::create();
            if (!next.ok()) {
                EXPECT_EQ(next.error(), Error::kNoMemory);
                break;
            }
            stacks.push_back(std::move(next).value());
        }
        count = stacks.size();
        EXPECT_LT(page_counts().free, kStackPages);
        EXPECT_EQ(page_counts().in_use(), count * kStackPages);
    }
    EXPECT_GT(count, page_counts().total / kStackPages * 9 / 10);
    // And again, as many.
    std::vector<KernelStack> stacks;
    for (u64 i = 0; i < count; ++i) stacks.push_back(std::move(KernelStack::create()).value());
}

TEST(StackPlaces, GivesEveryPlaceOnceAndTheLowestFirst) {
    testing::Ram ram(16 * kMiB);
    initialize(ram.boot_info());
    StackPlaces places;
    constexpr u32 kCount = 40'000;  // more than a page of bits
    constexpr u64 kStart = u64{1} << 32;
    places.initialize({VirtAddr{kStart}, kCount * StackPlaces::kPlaceBytes + 100});
    std::set<u64> seen;
    for (u32 i = 0; i < kCount; ++i) {
        const VirtAddr stack = places.take().value();
        ASSERT_EQ(stack.value, kStart + i * StackPlaces::kPlaceBytes + kPageSize);
        ASSERT_TRUE(seen.insert(stack.value).second);
    }
    EXPECT_EQ(places.take().error(), Error::kNoMemory);
    const VirtAddr high{kStart + 39'999 * StackPlaces::kPlaceBytes + kPageSize};
    const VirtAddr low{kStart + 77 * StackPlaces::kPlaceBytes + kPageSize};
    places.give_back(high);
    places.give_back(low);
    EXPECT_EQ(places.take().value(), low);
    EXPECT_EQ(places.take().value(), high);
    EXPECT_EQ(places.take().error(), Error::kNoMemory);
}

TEST(StackPlacesDeathTest, GivingBackWhatIsFreeOrNoPlaceStops) {
    testing::Ram ram(16 * kMiB);
    initialize(ram.boot_info());
    StackPlaces places;
    places.initialize({VirtAddr{u64{1} << 32}, 10 * StackPlaces::kPlaceBytes});
    const VirtAddr stack = places.take().value();
    EXPECT_DEATH(places.give_back(stack + 8), "place");
    EXPECT_DEATH(places.give_back(stack + 10 * StackPlaces::kPlaceBytes), "place");
    places.give_back(stack);
    EXPECT_DEATH(places.give_back(stack), "bit");
}

}  // namespace
}  // namespace kernel::mm
