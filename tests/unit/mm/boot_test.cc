// mm at boot: how little is touched, whatever the machine; machines that cannot work say so.
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <vector>

#include "machine/memory.h"
#include "mm/frames.h"
#include "mm/heap.h"
#include "mm/kernel_stack.h"
#include "tests/unit/mm/test_ram.h"

namespace kernel::mm {
namespace {

using testing::Ram;
using testing::ram_range;

/// Pages of RAM that exist on the host because somebody touched them.
usize touched_pages(u64 bytes) {
    std::vector<unsigned char> resident(bytes / kPageSize);
    EXPECT_EQ(mincore(host::ram(host::kRamStart), bytes, resident.data()), 0);
    return static_cast<usize>(std::count_if(resident.begin(), resident.end(),
                                            [](unsigned char page) { return (page & 1) != 0; }));
}

usize touched_by_boot(u64 bytes) {
    Ram ram(bytes);
    ram.harts = 4;
    ram.reserved = {ram_range(0, 4 * kMiB), ram_range(bytes / 2, 64 * kKiB),
                    ram_range(bytes - 5 * kMiB / 2, 3 * kMiB / 2)};
    initialize(ram.boot_info());
    EXPECT_GT(page_counts().total, (bytes - 8 * kMiB) / kPageSize * 98 / 100);
    return touched_pages(bytes);
}

TEST(MemoryBoot, TouchesAFewPagesOfAnyMachine) {
    EXPECT_LE(touched_by_boot(32 * kMiB), 30u);
    EXPECT_LE(touched_by_boot(4 * kGiB), 40u);
    EXPECT_LE(touched_by_boot(16 * kGiB), 50u);
}

TEST(MemoryBoot, TheFirstUsesOfABigMachineTouchNoMoreThanTheyGive) {
    const u64 bytes = 4 * kGiB;
    const usize before = touched_by_boot(bytes);
    std::vector<PhysAddr> pages;
    for (int i = 0; i < 1000; ++i) pages.push_back(allocate_page(PageFill::kZero).value());
    EXPECT_LE(touched_pages(bytes), before + 1000 + 20);
    for (const PhysAddr page : pages) free_page(page);
}

TEST(MemoryBoot, EightMegabytesAreEnough) {
    Ram ram(8 * kMiB);
    ram.reserved = {ram_range(0, 3 * kMiB)};
    ram.harts = 64;
    initialize(ram.boot_info());
    EXPECT_GT(page_counts().free, 1200u);
    EXPECT_TRUE(KernelStack::create().ok());
    EXPECT_TRUE(Buffer::create(100).ok());
}

TEST(MemoryBoot, MayBeDoneAgain) {
    for (int boot = 0; boot < 3; ++boot) {
        Ram ram(16 * kMiB);
        initialize(ram.boot_info());
        EXPECT_EQ(page_counts().in_use(), 0u);
        EXPECT_EQ(page_counts().slabs, 0u);
        // Left behind, as by a machine that was turned off.
        EXPECT_TRUE(allocate_pages(100, PageFill::kAny).ok());
        (void)std::move(Buffer::create(100)).value();
        auto* stack = new KernelStack(std::move(KernelStack::create()).value());
        static_cast<void>(stack->bytes());
        ::operator delete(stack);
    }
}

TEST(MemoryBootDeathTest, AMachineWithoutUsableMemoryStops) {
    Ram ram(8 * kMiB);
    ram.reserved = ram.memory;
    EXPECT_DEATH(initialize(ram.boot_info()), "no usable memory");
    ram.memory.clear();
    EXPECT_DEATH(initialize(ram.boot_info()), "no usable memory");
}

}  // namespace
}  // namespace kernel::mm
