// Reclaiming: whoever can give memory back is asked before an allocation fails.
#include "mm/reclaim.h"

#include <gtest/gtest.h>

#include <vector>

#include "mm/frames.h"
#include "mm/heap.h"
#include "mm/kernel_stack.h"
#include "sync/spin_lock.h"
#include "tests/unit/mm/test_ram.h"

namespace kernel::mm {
namespace {

class ReclaimTest : public testing::MemoryTest {
protected:
    void exhaust() {
        Result<OwnedPages> page = OwnedPages::create(1, PageFill::kAny);
        for (; page.ok(); page = OwnedPages::create(1, PageFill::kAny)) {
            hoard_.push_back(std::move(page).value());
        }
    }
    void TearDown() override {
        hoard_.clear();
        MemoryTest::TearDown();
    }

    std::vector<OwnedPages> hoard_;
};

std::vector<PhysAddr> spare;
int asked = 0;
usize asked_for = 0;

bool give_spare(usize pages) {
    ++asked;
    asked_for = pages;
    if (spare.empty()) return false;
    free_page(spare.back());
    spare.pop_back();
    return true;
}

TEST_F(ReclaimTest, AReclaimerIsAskedBeforeAnAllocationFails) {
    asked = 0;
    Reclaimer reclaimer{.name = "spare", .reclaim = give_spare};
    add_reclaimer(reclaimer);
    for (int i = 0; i < 3; ++i) spare.push_back(allocate_page(PageFill::kAny).value());
    exhaust();  // ends when the spare pages, too, are used up
    EXPECT_TRUE(spare.empty());
    EXPECT_EQ(asked, 4);
    EXPECT_EQ(asked_for, 1u);
    remove_reclaimer(reclaimer);
    EXPECT_FALSE(allocate_page(PageFill::kAny).ok());
    EXPECT_EQ(asked, 4);
}

TEST_F(ReclaimTest, NobodyIsAskedWhileMemoryLasts) {
    asked = 0;
    Reclaimer reclaimer{.name = "spare", .reclaim = give_spare};
    add_reclaimer(reclaimer);
    for (int i = 0; i < 100; ++i) free_page(allocate_page(PageFill::kAny).value());
    EXPECT_EQ(asked, 0);
    remove_reclaimer(reclaimer);
}

TEST_F(ReclaimTest, ReclaimersAreAskedInOrderUntilOneGives) {
    static std::vector<int> order;
    order.clear();
    Reclaimer first{.name = "first", .reclaim = [](usize) {
                        order.push_back(1);
                        return false;
                    }};
    Reclaimer second{.name = "second", .reclaim = [](usize pages) {
                         order.push_back(2);
                         return give_spare(pages);
                     }};
    Reclaimer third{.name = "third", .reclaim = [](usize) {
                        order.push_back(3);
                        return false;
                    }};
    add_reclaimer(first);
    add_reclaimer(second);
    add_reclaimer(third);
    spare.push_back(allocate_page(PageFill::kAny).value());
    while (reclaim_memory(1) && !spare.empty()) {
    }
    EXPECT_EQ(order, (std::vector{1, 2}));
    EXPECT_FALSE(reclaim_memory(1));
    EXPECT_EQ(order, (std::vector{1, 2, 1, 2, 3}));
    remove_reclaimer(second);
    remove_reclaimer(first);
    remove_reclaimer(third);
    EXPECT_FALSE(reclaim_memory(1));
}

TEST_F(ReclaimTest, NobodyIsAskedUnderASpinLock) {
    asked = 0;
    Reclaimer reclaimer{.name = "spare", .reclaim = give_spare};
    add_reclaimer(reclaimer);
    exhaust();
    const int before = asked;
    sync::SpinLock<sync::LockRank::kChanTable> lock;
    {
        sync::IrqSaveGuard guard(lock);
        EXPECT_FALSE(allocate_page(PageFill::kAny).ok());
    }
    EXPECT_EQ(asked, before);
    EXPECT_FALSE(allocate_page(PageFill::kAny).ok());
    EXPECT_EQ(asked, before + 1);
    remove_reclaimer(reclaimer);
}

TEST_F(ReclaimTest, AReclaimerThatAllocatesIsNotAskedAgain) {
    asked = 0;
    Reclaimer greedy{.name = "greedy", .reclaim = [](usize) {
                         ++asked;
                         EXPECT_FALSE(allocate_page(PageFill::kAny).ok());
                         return false;
                     }};
    add_reclaimer(greedy);
    exhaust();
    EXPECT_EQ(asked, 1);
    remove_reclaimer(greedy);
}

TEST_F(ReclaimTest, TheKernelsOwnStoresAreReclaimedFirst) {
    {
        const KernelStack stack = std::move(KernelStack::create()).value();
    }
    std::vector<Buffer> buffers;
    for (int i = 0; i < 200; ++i) buffers.push_back(std::move(Buffer::create(500)).value());
    buffers.clear();
    EXPECT_NE(page_counts().cached_stacks, 0u);
    exhaust();
    EXPECT_EQ(page_counts().cached_stacks, 0u);
    EXPECT_EQ(page_counts().free, 0u);
    // What is left in slabs is the store of magazines.
    EXPECT_LE(page_counts().slabs, 1u);
}

}  // namespace
}  // namespace kernel::mm
