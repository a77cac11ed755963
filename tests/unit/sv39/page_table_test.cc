// Page tables: leaves as large as fit, tables made once, faults told apart.
#include "arch/riscv64/sv39/page_table.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <random>
#include <thread>
#include <vector>

#include "tests/unit/sv39/arena.h"

namespace arch::riscv64::sv39 {
namespace {

using kernel::kGiB;
using kernel::kMiB;
using test::next_page;
using test::pages_taken;

constexpr VirtAddr kHigh{0xffff'ffc0'0000'0000};

PageTable fresh(usize pages = test::kArenaPages) {
    test::reset_arena(pages);
    return PageTable(next_page().value());
}

TEST(Sv39, CanonicalAddressesCopyBit38) {
    EXPECT_TRUE(is_canonical({0x3f'ffff'ffff}));
    EXPECT_FALSE(is_canonical({0x40'0000'0000}));
    EXPECT_FALSE(is_canonical({0xffff'ffbf'ffff'ffff}));
    EXPECT_TRUE(is_canonical(kHigh));
}

TEST(Sv39, APageIsFoundAfterMappingAndGoneAfterUnmapping) {
    PageTable tables = fresh();
    const Mapping mapping{
        .at = kHigh + 0x5000, .to = {0x1234000}, .size = kPageSize, .access = Access::kReadWrite};
    ASSERT_TRUE(tables.map(mapping, LeafLimit::kGigapage, next_page).ok());
    EXPECT_EQ(tables.translate(kHigh + 0x5678), PhysAddr{0x1234678});
    EXPECT_FALSE(tables.translate(kHigh + 0x4fff));
    EXPECT_FALSE(tables.translate(kHigh + 0x6000));
    EXPECT_EQ(pages_taken(), 3U);
    EXPECT_EQ(tables.unmap_page(kHigh + 0x5000), PhysAddr{0x1234000});
    EXPECT_FALSE(tables.find(kHigh + 0x5000));
    ASSERT_TRUE(tables.map(mapping, LeafLimit::kGigapage, next_page).ok());
    EXPECT_EQ(pages_taken(), 3U) << "the tables stayed";
}

TEST(Sv39, LeavesAreAsLargeAsTheyFit) {
    PageTable tables = fresh();
    // From one page before a megapage boundary to one page after a gigapage.
    const u64 start = 2 * kGiB - 2 * kMiB - kPageSize;
    const u64 end = 3 * kGiB + kPageSize;
    ASSERT_TRUE(tables
                    .map({.at = kHigh + start,
                          .to = {start},
                          .size = end - start,
                          .access = Access::kReadWrite},
                         LeafLimit::kGigapage, next_page)
                    .ok());
    std::map<unsigned, usize> count;
    u64 bytes = 0;
    VirtAddr next = kHigh + start;
    tables.for_each_leaf([&](const Leaf& leaf) {
        ++count[leaf.level];
        bytes += leaf.size();
        EXPECT_EQ(leaf.at, next);
        next = leaf.at + leaf.size();
    });
    EXPECT_EQ(bytes, end - start);
    EXPECT_EQ(count, (std::map<unsigned, usize>{{0, 2}, {1, 1}, {2, 1}}));
}

TEST(Sv39, TheLimitIsKept) {
    PageTable tables = fresh();
    ASSERT_TRUE(tables
                    .map({.at = kHigh, .to = {0}, .size = 4 * kMiB, .access = Access::kRead},
                         LeafLimit::kPage, next_page)
                    .ok());
    tables.for_each_leaf([](const Leaf& leaf) { EXPECT_EQ(leaf.level, 0U); });
    EXPECT_EQ(pages_taken(), 1U + 1 + 2);
}

TEST(Sv39, LeavesSayWhatMayBeDoneAndHaveAandDPreset) {
    PageTable tables = fresh();
    const auto map_one = [&](u64 offset, Access access) {
        ASSERT_TRUE(
            tables
                .map({.at = kHigh + offset, .to = {offset}, .size = kPageSize, .access = access},
                     LeafLimit::kPage, next_page)
                .ok());
    };
    map_one(0x0000, Access::kRead);
    map_one(0x1000, Access::kReadWrite);
    map_one(0x2000, Access::kReadExecute);
    const auto allows = [&](u64 offset) {
        const Pte pte = tables.find(kHigh + offset)->pte;
        EXPECT_EQ(Pte::Accessed::get(pte.bits), 1U);
        EXPECT_EQ(Pte::Dirty::get(pte.bits), pte.writable() ? 1U : 0U);
        return std::array{pte.allows(Attempt::kLoad), pte.allows(Attempt::kStore),
                          pte.allows(Attempt::kExecute)};
    };
    EXPECT_EQ(allows(0x0000), (std::array{true, false, false}));
    EXPECT_EQ(allows(0x1000), (std::array{true, true, false}));
    EXPECT_EQ(allows(0x2000), (std::array{true, false, true}));
}

TEST(Sv39, RunningOutOfPagesIsAnErrorAtEveryTable) {
    for (usize pages = 1; pages < 3; ++pages) {
        PageTable tables = fresh(pages);
        const Result<void> mapped =
            tables.map({.at = kHigh, .to = {0}, .size = kPageSize, .access = Access::kRead},
                       LeafLimit::kPage, next_page);
        ASSERT_FALSE(mapped.ok());
        EXPECT_EQ(mapped.error(), Error::kNoMemory);
        EXPECT_FALSE(tables.find(kHigh));
    }
}

TEST(Sv39, ReservedTablesMakeLaterMappingFree) {
    PageTable tables = fresh();
    ASSERT_TRUE(tables.reserve_tables(kHigh, 3 * kGiB, 1, next_page).ok());
    EXPECT_EQ(pages_taken(), 1U + 3);
    ASSERT_TRUE(tables.reserve_tables(kHigh, 4 * kMiB, 0, next_page).ok());
    EXPECT_EQ(pages_taken(), 1U + 3 + 2);
    const usize before = pages_taken();
    ASSERT_TRUE(
        tables
            .map({.at = kHigh + 2 * kMiB, .to = {0}, .size = kPageSize, .access = Access::kRead},
                 LeafLimit::kPage, next_page)
            .ok());
    EXPECT_EQ(pages_taken(), before);
}

TEST(Sv39DeathTest, MappingTwiceIsABug) {
    PageTable tables = fresh();
    const Mapping mapping{.at = kHigh, .to = {0}, .size = kPageSize, .access = Access::kRead};
    ASSERT_TRUE(tables.map(mapping, LeafLimit::kPage, next_page).ok());
    EXPECT_DEATH((void)tables.map(mapping, LeafLimit::kPage, next_page), "");
    EXPECT_DEATH((void)tables.unmap_page(kHigh + kPageSize), "");
}

TEST(Sv39, AFaultOnAnAllowedPageSetsAandD) {
    PageTable tables = fresh();
    ASSERT_TRUE(
        tables
            .map({.at = kHigh, .to = {0x7000}, .size = kPageSize, .access = Access::kReadWrite},
                 LeafLimit::kPage, next_page)
            .ok());
    const auto clear_bits = [&] {
        tables.find(kHigh)->entry->fetch_and(~(Pte::Accessed::kMask | Pte::Dirty::kMask),
                                             std::memory_order_relaxed);
    };
    const auto bits = [&] { return tables.find(kHigh)->pte.bits; };
    clear_bits();
    EXPECT_EQ(settle_fault(tables, kHigh + 8, Attempt::kLoad), FaultCause::kStale);
    EXPECT_EQ(Pte::Accessed::get(bits()), 1U);
    EXPECT_EQ(Pte::Dirty::get(bits()), 0U);
    EXPECT_EQ(settle_fault(tables, kHigh + 8, Attempt::kStore), FaultCause::kStale);
    EXPECT_EQ(Pte::Dirty::get(bits()), 1U);
    EXPECT_EQ(settle_fault(tables, kHigh + 8, Attempt::kExecute), FaultCause::kForbidden);
    EXPECT_EQ(settle_fault(tables, kHigh + kPageSize, Attempt::kLoad), FaultCause::kForbidden);
    EXPECT_EQ(settle_fault(tables, {0x40'0000'0000}, Attempt::kLoad), FaultCause::kForbidden);
    tables.find(kHigh)->entry->fetch_or(Pte::Reserved::make(1), std::memory_order_relaxed);
    EXPECT_EQ(settle_fault(tables, kHigh, Attempt::kLoad), FaultCause::kForbidden)
        << "else it would be tried for ever";
}

constexpr u64 kBoth = Pte::Accessed::kMask | Pte::Dirty::kMask;

/// Takes A and D from the entry of `at`, as on a machine where software sets them.
void take_bits(const PageTable& tables, VirtAddr at) {
    tables.find(at)->entry->fetch_and(~kBoth, std::memory_order_relaxed);
}

TEST(Sv39, FaultsAreSettledOnLeavesOfEverySize) {
    const struct {
        LeafLimit limit;
        u64 size;
    } sizes[] = {{LeafLimit::kPage, kPageSize},
                 {LeafLimit::kMegapage, 2 * kMiB},
                 {LeafLimit::kGigapage, kGiB}};
    const struct {
        Attempt attempt;
        Access enough;
        Access too_little;
        u64 sets;
    } attempts[] = {
        {Attempt::kLoad, Access::kReadWrite, Access::kReadExecute, Pte::Accessed::kMask},
        {Attempt::kStore, Access::kReadWrite, Access::kRead, kBoth},
        {Attempt::kExecute, Access::kReadExecute, Access::kReadWrite, Pte::Accessed::kMask}};
    for (const auto& [limit, size] : sizes) {
        for (const auto& [attempt, enough, too_little, sets] : attempts) {
            PageTable tables = fresh();
            ASSERT_TRUE(tables
                            .map({.at = kHigh, .to = {4 * kGiB}, .size = size, .access = enough},
                                 limit, next_page)
                            .ok());
            ASSERT_TRUE(tables
                            .map({.at = kHigh + 2 * kGiB,
                                  .to = {8 * kGiB},
                                  .size = size,
                                  .access = too_little},
                                 limit, next_page)
                            .ok());
            ASSERT_EQ(tables.find(kHigh)->size(), size);
            for (const VirtAddr at : {kHigh, kHigh + (size - 8)}) {
                take_bits(tables, kHigh);
                ASSERT_EQ(settle_fault(tables, at, attempt), FaultCause::kStale);
                EXPECT_EQ(tables.find(at)->pte.bits & kBoth, sets);
                // The next one finds nothing missing: an old entry had been cached.
                EXPECT_EQ(settle_fault(tables, at, attempt), FaultCause::kStale);
                EXPECT_EQ(tables.find(at)->pte.bits & kBoth, sets);
            }
            EXPECT_EQ(settle_fault(tables, kHigh + size, attempt), FaultCause::kForbidden);
            take_bits(tables, kHigh + 2 * kGiB);
            const FaultCause refused = settle_fault(tables, kHigh + 2 * kGiB, attempt);
            if (attempt == Attempt::kLoad) {
                EXPECT_EQ(refused, FaultCause::kStale) << "every page can be read";
            } else {
                EXPECT_EQ(refused, FaultCause::kForbidden);
                EXPECT_EQ(tables.find(kHigh + 2 * kGiB)->pte.bits & kBoth, 0U);
            }
        }
    }
}

TEST(Sv39, HartsThatSetBitsOfOneEntryAtOnceLoseNone) {
    PageTable tables = fresh();
    ASSERT_TRUE(
        tables
            .map({.at = kHigh, .to = {0x7000}, .size = kPageSize, .access = Access::kReadWrite},
                 LeafLimit::kPage, next_page)
            .ok());
    const u64 whole = tables.find(kHigh)->pte.bits;
    for (int round = 0; round < 100; ++round) {
        take_bits(tables, kHigh);
        std::atomic<int> ready{0};
        const auto fault = [&](Attempt attempt) {
            ++ready;
            while (ready < 2) std::this_thread::yield();
            EXPECT_EQ(settle_fault(tables, kHigh, attempt), FaultCause::kStale);
        };
        std::thread loader([&] { fault(Attempt::kLoad); });
        fault(Attempt::kStore);
        loader.join();
        ASSERT_EQ(tables.find(kHigh)->pte.bits, whole);
    }
}

TEST(Sv39, AgreesWithAModelOverRandomPages) {
    PageTable tables = fresh();
    std::mt19937_64 random(3);
    std::map<u64, u64> model;
    for (int step = 0; step < 5000; ++step) {
        // A few clusters, so that tables are shared and the arena suffices.
        const u64 at = kHigh.value + (random() % 4) * kGiB + (random() % 8) * 2 * kMiB +
                       (random() % 16) * kPageSize;
        const auto known = model.find(at);
        if (known == model.end()) {
            const u64 to = (random() % 100'000) * kPageSize;
            ASSERT_TRUE(
                tables
                    .map({.at = {at}, .to = {to}, .size = kPageSize, .access = Access::kReadWrite},
                         LeafLimit::kPage, next_page)
                    .ok());
            model[at] = to;
        } else {
            ASSERT_EQ(tables.unmap_page({at}).value, known->second);
            model.erase(known);
        }
    }
    std::map<u64, u64> seen;
    tables.for_each_leaf([&](const Leaf& leaf) { seen[leaf.at.value] = leaf.pte.target().value; });
    EXPECT_EQ(seen, model);
}

}  // namespace
}  // namespace arch::riscv64::sv39
