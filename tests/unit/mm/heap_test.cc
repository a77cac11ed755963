// The heap: any size, filled to its end, comes back; Buffer and Box own what they say.
#include "mm/heap.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "mm/frames.h"
#include "tests/unit/mm/test_ram.h"

namespace kernel::mm {
namespace {

using HeapTest = testing::MemoryTest;

TEST_F(HeapTest, EverySizeCanBeFilledToItsEnd) {
    std::vector<Bytes> all;
    for (usize size = 0; size <= 9000; size += size < 2200 ? 7 : 331) {
        const Bytes memory = allocate(size).value();
        ASSERT_EQ(memory.size(), size);
        ASSERT_TRUE(is_aligned(VirtAddr::of(memory.data()).value, 16));
        std::fill(memory.begin(), memory.end(), static_cast<std::byte>(size));
        all.push_back(memory);
    }
    for (const Bytes memory : all) {
        for (const std::byte byte : memory) ASSERT_EQ(byte, static_cast<std::byte>(memory.size()));
        deallocate(memory);
    }
}

TEST_F(HeapTest, NothingIsAnEmptySpan) {
    EXPECT_TRUE(allocate(0).value().empty());
    deallocate(nullptr, 0);
}

TEST_F(HeapTest, LargeSizesAreWholePages) {
    const Bytes memory = allocate(5 * kPageSize + 1).value();
    EXPECT_EQ(page_counts().in_use(), 6u);
    deallocate(memory);
    EXPECT_EQ(allocate(kMaxRunPages * kPageSize + 1).error(), Error::kNoMemory);
    EXPECT_EQ(allocate(~usize{0}).error(), Error::kNoMemory);
    EXPECT_EQ(allocate(kGiB).error(), Error::kNoMemory);  // more than there is
}

TEST_F(HeapTest, ABufferGivesBackWhatItOwns) {
    Buffer buffer = std::move(Buffer::create(300)).value();
    EXPECT_EQ(buffer.size(), 300u);
    std::memset(buffer.data(), 1, buffer.size());
    Buffer moved = std::move(buffer);
    EXPECT_EQ(buffer.size(), 0u);
    EXPECT_EQ(moved.size(), 300u);
    Buffer large = std::move(Buffer::create(3 * kPageSize)).value();
    large = std::move(moved);
    EXPECT_EQ(large.size(), 300u);
}
static_assert(!std::is_copy_constructible_v<Buffer>);

TEST_F(HeapTest, ABoxDestroysWhatItOwns) {
    static int living = 0;
    struct Thing {
        explicit Thing(int v) : value(v) { ++living; }
        ~Thing() { --living; }
        int value;
    };
    {
        Box<Thing> box = std::move(Box<Thing>::create(3)).value();
        EXPECT_EQ(box->value, 3);
        Box<Thing> moved = std::move(box);
        EXPECT_FALSE(box);
        EXPECT_EQ((*moved).value, 3);
        Thing* raw = moved.leak();
        EXPECT_EQ(living, 1);
        const Box<Thing> again = Box<Thing>::adopt(*raw);
        EXPECT_EQ(again.get(), raw);
    }
    EXPECT_EQ(living, 0);
}
static_assert(!std::is_copy_constructible_v<Box<int>>);

TEST_F(HeapTest, RandomSizesDoNotDisturbEachOther) {
    std::mt19937 random(2);
    std::vector<std::pair<Bytes, u8>> all;
    for (int turn = 0; turn < 20'000; ++turn) {
        if (all.size() < 300 && random() % 2 == 0) {
            const usize size = random() % 10 == 0 ? random() % 20'000 : random() % 600;
            const u8 mark = static_cast<u8>(random());
            const Bytes memory = allocate(size).value();
            if (size != 0) std::memset(memory.data(), mark, size);
            all.emplace_back(memory, mark);
        } else if (!all.empty()) {
            std::swap(all[random() % all.size()], all.back());
            for (const std::byte byte : all.back().first) ASSERT_EQ(u8(byte), all.back().second);
            deallocate(all.back().first);
            all.pop_back();
        }
    }
    for (const auto& [memory, mark] : all) deallocate(memory);
}

}  // namespace
}  // namespace kernel::mm
