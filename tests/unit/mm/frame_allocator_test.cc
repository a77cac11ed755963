// FrameAllocator: every page is given once, blocks join again, nothing reserved is given.
#include "mm/frame_allocator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <set>
#include <vector>

#include "machine/memory.h"
#include "tests/unit/mm/test_ram.h"

namespace kernel::mm {
namespace {

using testing::Ram;
using testing::ram_range;

std::unique_ptr<FrameAllocator> make(const Ram& ram) {
    auto allocator = std::make_unique<FrameAllocator>();
    allocator->initialize(ram.memory, ram.reserved, ram.harts);
    return allocator;
}

std::vector<PhysAddr> take_all(FrameAllocator& allocator, usize count = 1) {
    std::vector<PhysAddr> taken;
    for (;;) {
        const Result<PhysAddr> start = allocator.allocate(count);
        if (!start.ok()) {
            EXPECT_EQ(start.error(), Error::kNoMemory);
            return taken;
        }
        taken.push_back(start.value());
    }
}

void give_all(FrameAllocator& allocator, const std::vector<PhysAddr>& taken, usize count = 1) {
    for (const PhysAddr start : taken) allocator.free(start, count);
}

/// Takes every page, checks each lies in memory, not in reserved, is met once; gives all back in
/// random order; checks that all has joined again to what it was.
void check_all_pages(FrameAllocator& allocator, const Ram& ram) {
    const usize largest_before = [&] {
        usize order = FrameAllocator::kMaxOrder;
        for (; order > 0; --order) {
            const Result<PhysAddr> start = allocator.allocate(usize{1} << order);
            if (!start.ok()) continue;
            allocator.free(start.value(), usize{1} << order);
            break;
        }
        return order;
    }();
    std::vector<PhysAddr> pages = take_all(allocator);
    EXPECT_EQ(pages.size(), allocator.total());
    EXPECT_EQ(allocator.count_free(), 0u);
    std::set<u64> seen;
    for (const PhysAddr page : pages) {
        ASSERT_TRUE(seen.insert(page.value).second);
        ASSERT_TRUE(is_aligned(page.value, kPageSize));
        const PhysRange range{page, kPageSize};
        ASSERT_TRUE(std::any_of(ram.memory.begin(), ram.memory.end(), [&](const PhysRange& have) {
            return have.contains(range.start) && range.end() <= have.end();
        }));
        for (const PhysRange& reserved : ram.reserved) ASSERT_FALSE(reserved.overlaps(range));
        // It is ours to write.
        std::memset(machine::direct_map(page).as(), 0xee, kPageSize);
    }
    std::shuffle(pages.begin(), pages.end(), std::mt19937(5));
    give_all(allocator, pages);
    EXPECT_EQ(allocator.count_free(), allocator.total());
    const Result<PhysAddr> largest = allocator.allocate(usize{1} << largest_before);
    ASSERT_TRUE(largest.ok());
    allocator.free(largest.value(), usize{1} << largest_before);
}

TEST(FrameAllocator, GivesEveryPageOnceAndJoinsThemAgain) {
    Ram ram(16 * kMiB);
    auto allocator = make(ram);
    EXPECT_GT(allocator->total(), 16 * kMiB / kPageSize * 99 / 100);
    check_all_pages(*allocator, ram);
}

TEST(FrameAllocator, NeverGivesWhatIsReserved) {
    Ram ram(16 * kMiB);
    ram.reserved = {ram_range(0, 100 * kKiB),
                    ram_range(1 * kMiB, 4 * kKiB),
                    ram_range(1 * kMiB + 8 * kKiB, 4 * kKiB),
                    ram_range(5 * kMiB, 3 * kMiB),
                    ram_range(15 * kMiB, 1 * kMiB),
                    ram_range(64 * kMiB, 1 * kMiB)};
    auto allocator = make(ram);
    const u64 reserved = (100 + 4 + 4 + 3 * 1024 + 1024) * kKiB / kPageSize;
    const u64 frames = align_up(4096 * sizeof(Frame), kPageSize) / kPageSize;
    EXPECT_EQ(allocator->total(), 4096 - reserved - frames);
    check_all_pages(*allocator, ram);
}

TEST(FrameAllocator, RoundsReservedRangesOutward) {
    Ram ram(8 * kMiB);
    ram.reserved = {ram_range(0, 10), ram_range(4 * kMiB - 1, 2)};
    auto allocator = make(ram);
    check_all_pages(*allocator, ram);
    EXPECT_EQ(allocator->total(), 2048 - 3 - align_up(2048 * sizeof(Frame), kPageSize) / kPageSize);
}

TEST(FrameAllocator, TakesSeveralRangesWithHolesBetween) {
    Ram ram(32 * kMiB);
    ram.memory = {ram_range(0, 3 * kMiB), ram_range(5 * kMiB, 1 * kMiB),
                  ram_range(16 * kMiB, 16 * kMiB)};
    ram.reserved = {ram_range(2 * kMiB, 64 * kKiB), ram_range(20 * kMiB, 5 * kMiB)};
    auto allocator = make(ram);
    check_all_pages(*allocator, ram);
}

TEST(FrameAllocator, JoinsBlocksAcrossRangesThatTouch) {
    Ram ram(16 * kMiB);
    ram.memory = {ram_range(0, 4 * kMiB), ram_range(4 * kMiB, 4 * kMiB),
                  ram_range(8 * kMiB, 8 * kMiB)};
    auto allocator = make(ram);
    EXPECT_TRUE(allocator->allocate(8 * kMiB / kPageSize).ok());
}

TEST(FrameAllocator, LeavesARangeTooSmallForItsFramesAlone) {
    Ram ram(16 * kMiB);
    ram.memory = {ram_range(0, kPageSize), ram_range(1 * kMiB, 15 * kMiB)};
    auto allocator = make(ram);
    check_all_pages(*allocator, ram);
    EXPECT_LT(allocator->total(), 15 * kMiB / kPageSize);
}

TEST(FrameAllocator, BelievesNothingThatStoodInRamBeforeBoot) {
    Ram ram(16 * kMiB);
    std::mt19937 random(9);
    for (int boot = 0; boot < 20; ++boot) {
        // Tags of the boot before are the likeliest junk to be taken for true.
        ram.reserved.clear();
        for (u64 at = 0; at < 4096; at += 1 + random() % 500) {
            const u64 size = std::min<u64>(1 + random() % 30, 4096 - at);
            ram.reserved.push_back(ram_range(at * kPageSize, size * kPageSize));
            at += size;
        }
        if (boot == 10) std::memset(host::ram(host::kRamStart), 0xff, 16 * kMiB);
        auto allocator = make(ram);
        check_all_pages(*allocator, ram);
        for (int i = 0; i < 300; ++i) (void)allocator->allocate(1 + random() % 7);
    }
}

TEST(FrameAllocator, RunsAreAlignedDisjointAndComeBackWhole) {
    Ram ram(32 * kMiB);
    auto allocator = make(ram);
    struct Run {
        PhysAddr start;
        usize count;
        u8 mark;
    };
    std::mt19937 random(1);
    std::vector<Run> runs;
    const auto check_and_free = [&](usize index) {
        std::swap(runs[index], runs.back());
        const Run run = runs.back();
        runs.pop_back();
        const u8* bytes = machine::direct_map(run.start).as<u8>();
        for (usize i = 0; i < run.count; ++i) {
            ASSERT_EQ(bytes[i * kPageSize], run.mark);
            ASSERT_EQ(bytes[(i + 1) * kPageSize - 1], run.mark);
        }
        allocator->free(run.start, run.count);
    };
    u64 held = 0;
    for (int turn = 0; turn < 20'000; ++turn) {
        if (runs.empty() || random() % 5 < 3) {
            const usize count = random() % 4 == 0 ? 1 + random() % 100 : 1 + random() % 4;
            const Result<PhysAddr> start = allocator->allocate(count);
            if (start.ok()) {
                ASSERT_TRUE(is_aligned(start.value().value, std::bit_ceil(count) * kPageSize));
                const u8 mark = static_cast<u8>(random());
                std::memset(machine::direct_map(start.value()).as(), mark, count * kPageSize);
                runs.push_back({start.value(), count, mark});
                held += count;
            } else {
                for (int i = 0; i < 50 && !runs.empty(); ++i) {
                    held -= runs[i % runs.size()].count;
                    check_and_free(i % runs.size());
                }
            }
        } else {
            const usize index = random() % runs.size();
            held -= runs[index].count;
            check_and_free(index);
        }
        ASSERT_EQ(allocator->count_free(), allocator->total() - held);
    }
    while (!runs.empty()) check_and_free(0);
    EXPECT_EQ(allocator->count_free(), allocator->total());
    EXPECT_TRUE(allocator->allocate(16 * kMiB / kPageSize).ok());
}

TEST(FrameAllocator, FindsARunAlthoughPagesAtHandKeepItApart) {
    Ram ram(8 * kMiB);
    auto allocator = make(ram);
    std::vector<PhysAddr> pages = take_all(*allocator);
    give_all(*allocator, pages);  // some stay at hand
    EXPECT_TRUE(allocator->allocate(1024).ok());
}

TEST(FrameAllocator, KeepsPagesOfZeroesForWhoWantsThem) {
    using Holds = FrameAllocator::Holds;
    Ram ram(8 * kMiB);
    auto allocator = make(ram);
    const PhysAddr zeroed = allocator->allocate(1).value();
    const PhysAddr other = allocator->allocate(1).value();
    std::memset(machine::direct_map(zeroed).as<u8>(), 0, kPageSize);
    allocator->free_page(zeroed, Holds::kZeroes);
    allocator->free_page(other, Holds::kAnything);

    const FrameAllocator::Page any = allocator->allocate_page(Holds::kAnything).value();
    EXPECT_EQ(any.start, other);
    EXPECT_EQ(any.holds, Holds::kAnything);
    const FrameAllocator::Page zeroes = allocator->allocate_page(Holds::kZeroes).value();
    EXPECT_EQ(zeroes.start, zeroed);
    EXPECT_EQ(zeroes.holds, Holds::kZeroes);
    // There is no other.
    EXPECT_EQ(allocator->allocate_page(Holds::kZeroes).value().holds, Holds::kAnything);
}

TEST(FrameAllocator, GivesPagesOfZeroesToAnybodyInTheEnd) {
    Ram ram(8 * kMiB);
    auto allocator = make(ram);
    const std::vector<PhysAddr> pages = take_all(*allocator);
    for (const PhysAddr page : pages) {
        std::memset(machine::direct_map(page).as<u8>(), 0, kPageSize);
        allocator->free_page(page, FrameAllocator::Holds::kZeroes);
    }
    EXPECT_EQ(allocator->count_free(), allocator->total());
    EXPECT_EQ(take_all(*allocator).size(), pages.size());
}

class FrameAllocatorDeathTest : public ::testing::Test {
protected:
    FrameAllocatorDeathTest() : ram_(8 * kMiB) {
        ram_.reserved = {ram_range(0, kMiB)};
        allocator_ = make(ram_);
    }

    Ram ram_;
    std::unique_ptr<FrameAllocator> allocator_;
};

TEST_F(FrameAllocatorDeathTest, FreeingAPageTwiceStops) {
    const PhysAddr page = allocator_->allocate(1).value();
    allocator_->free(page, 1);
    EXPECT_DEATH(allocator_->free(page, 1), "not allocated");
}

TEST_F(FrameAllocatorDeathTest, FreeingARunTwiceStops) {
    const PhysAddr run = allocator_->allocate(4).value();
    const PhysAddr other = allocator_->allocate(4).value();
    allocator_->free(run, 4);
    EXPECT_DEATH(allocator_->free(run, 4), "not allocated");
    allocator_->free(other, 4);
    EXPECT_DEATH(allocator_->free(other, 4), "not allocated");
}

TEST_F(FrameAllocatorDeathTest, FreeingPartOfARunStops) {
    const PhysAddr run = allocator_->allocate(6).value();
    EXPECT_DEATH(allocator_->free(run, 1), "not allocated");
    EXPECT_DEATH(allocator_->free(run + kPageSize, 1), "not allocated");
    EXPECT_DEATH(allocator_->free(run, 8), "not allocated");
    EXPECT_DEATH(allocator_->free(run, 5), "not allocated");
    allocator_->free(run, 6);
}

TEST_F(FrameAllocatorDeathTest, FreeingWhatIsReservedOrNoMemoryStops) {
    EXPECT_DEATH(allocator_->free(host::kRamStart, 1), "not allocated");
    EXPECT_DEATH(allocator_->free(host::kRamStart + 5 * kPageSize, 1), "not allocated");
    EXPECT_DEATH(allocator_->free(PhysAddr{kPageSize}, 1), "zone_of");
    EXPECT_DEATH(allocator_->free(host::kRamStart + 8 * kMiB, 1), "zone_of");
}

TEST_F(FrameAllocatorDeathTest, WritingToAFreePageShowsWhenItIsGivenAgain) {
    const PhysAddr page = allocator_->allocate(1).value();
    allocator_->free(page, 1);
    machine::direct_map(page).as<u8>()[100] = 1;
    EXPECT_DEATH((void)allocator_->allocate(1), "written after it was freed");
}

TEST_F(FrameAllocatorDeathTest, APageOfZeroesThatIsNoneShowsWhenItIsGivenAgain) {
    const PhysAddr page = allocator_->allocate(1).value();
    std::memset(machine::direct_map(page).as<u8>(), 0, kPageSize);
    allocator_->free_page(page, FrameAllocator::Holds::kZeroes);
    machine::direct_map(page).as<u8>()[100] = 1;
    EXPECT_DEATH((void)allocator_->allocate_page(FrameAllocator::Holds::kZeroes),
                 "written after it was freed");
}

}  // namespace
}  // namespace kernel::mm
