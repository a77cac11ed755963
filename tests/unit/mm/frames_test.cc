// Page frames as the kernel calls them: filling, owners, counts, exhaustion.
#include "mm/frames.h"

#include <gtest/gtest.h>

#include <vector>

#include "machine/memory.h"
#include "tests/unit/mm/test_ram.h"

namespace kernel::mm {
namespace {

using FramesTest = testing::MemoryTest;

TEST_F(FramesTest, AZeroedPageIsZeroWhateverWasThere) {
    std::vector<PhysAddr> pages;
    for (int i = 0; i < 100; ++i) {
        pages.push_back(allocate_page(PageFill::kAny).value());
        std::memset(machine::direct_map(pages.back()).as(), 0xff, kPageSize);
    }
    for (const PhysAddr page : pages) free_page(page);
    for (PhysAddr& page : pages) {
        page = allocate_page(PageFill::kZero).value();
        const u8* bytes = machine::direct_map(page).as<u8>();
        ASSERT_TRUE(std::all_of(bytes, bytes + kPageSize, [](u8 byte) { return byte == 0; }));
    }
    for (const PhysAddr page : pages) free_page(page);
}

TEST_F(FramesTest, CountsSayWhoHasWhat) {
    const PageCounts before = page_counts();
    EXPECT_EQ(before.in_use(), 0u);
    // The page of zeroes that programs see is never given to anybody.
    EXPECT_EQ(before.tables, 1u);
    EXPECT_EQ(before.free, before.total - before.tables);
    const PhysAddr run = allocate_pages(5, PageFill::kAny).value();
    EXPECT_EQ(page_counts().in_use(), 5u);
    EXPECT_EQ(page_counts().free, before.free - 5);
    free_pages(run, 5);
    const PhysAddr page = allocate_page(PageFill::kAny).value();
    EXPECT_EQ(page_counts().in_use(), 1u);
    free_page(page);
    EXPECT_EQ(page_counts().free, before.free);  // at hand or not
}

TEST_F(FramesTest, AnOwnerGivesItsPagesBack) {
    {
        OwnedPages pages = std::move(OwnedPages::create(3, PageFill::kZero)).value();
        EXPECT_EQ(pages.bytes().size(), 3 * kPageSize);
        EXPECT_EQ(VirtAddr::of(pages.bytes().data()), machine::direct_map(pages.physical()));
        OwnedPages moved = std::move(pages);
        EXPECT_EQ(pages.count(), 0u);
        EXPECT_TRUE(pages.bytes().empty());
        EXPECT_EQ(page_counts().in_use(), 3u);
        OwnedPages other = std::move(OwnedPages::create(1, PageFill::kAny)).value();
        other = std::move(moved);
    }
    EXPECT_EQ(page_counts().in_use(), 0u);
    OwnedPages kept = std::move(OwnedPages::create(2, PageFill::kAny)).value();
    free_pages(kept.leak(), 2);
}
static_assert(!std::is_copy_constructible_v<OwnedPages> && !std::is_copy_assignable_v<OwnedPages>);

TEST_F(FramesTest, ExhaustionIsAnOrdinaryError) {
    std::vector<OwnedPages> all;
    for (;;) {
        Result<OwnedPages> next = OwnedPages::create(1, PageFill::kAny);
        if (!next.ok()) {
            EXPECT_EQ(next.error(), Error::kNoMemory);
            break;
        }
        all.push_back(std::move(next).value());
    }
    EXPECT_EQ(all.size(), page_counts().total - page_counts().tables);
    EXPECT_EQ(OwnedPages::create(2, PageFill::kZero).error(), Error::kNoMemory);
    all.clear();
    EXPECT_TRUE(OwnedPages::create(1024, PageFill::kZero).ok());
}

}  // namespace
}  // namespace kernel::mm
