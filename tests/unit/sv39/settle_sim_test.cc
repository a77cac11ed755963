// Faults on a page that goes away meanwhile, under many schedules.
#include <gtest/gtest.h>

#include "arch/riscv64/sv39/page_table.h"
#include "tests/fixture/kernel_fixture.h"

namespace arch::riscv64::sv39 {
namespace {

constexpr VirtAddr kAt{0xffff'ffc0'0000'0000};
constexpr Mapping kMapping{
    .at = kAt, .to = {0x7000}, .size = kPageSize, .access = Access::kReadWrite};

PhysAddr next{};

/// Pages of the machine's RAM, which is new and zero for each seed.
Result<PhysAddr> take_ram() {
    const PhysAddr page = next;
    next = next + kPageSize;
    return page;
}

TEST(Sv39Schedules, AFaultThatIsSettledWhileItsPageGoesLeavesNothingBehind) {
    fixture::run_seeds({.harts = 3}, 500, [] {
        next = host::kRamStart + kernel::kMiB;
        PageTable tables(take_ram().value());
        ASSERT_TRUE(tables.map(kMapping, LeafLimit::kPage, take_ram).ok());
        Atomic<u64>& entry = *tables.find(kAt)->entry;
        Atomic<u32> done{0};
        u64 left_behind = 0;
        // relaxed (all): the schedule decides, not the order.
        fixture::in_parallel(3, [&](u32 hart) {
            if (hart < 2) {
                const Attempt attempt = hart == 0 ? Attempt::kLoad : Attempt::kStore;
                while (done.load(std::memory_order_relaxed) == 0) {
                    (void)settle_fault(tables, kAt, attempt);  // ignored: the page comes and goes
                }
                return;
            }
            for (int round = 0; round < 10; ++round) {
                entry.fetch_and(~(Pte::Accessed::kMask | Pte::Dirty::kMask),
                                std::memory_order_relaxed);
                EXPECT_EQ(tables.unmap_page(kAt), kMapping.to);
                for (int look = 0; look < 10; ++look) {
                    left_behind |= entry.load(std::memory_order_relaxed);
                }
                if (left_behind != 0) break;
                EXPECT_TRUE(tables.map(kMapping, LeafLimit::kPage, take_ram).ok());
            }
            done.store(1, std::memory_order_relaxed);
        });
        EXPECT_EQ(left_behind, 0U) << "an entry that is not empty, and maps nothing";
        EXPECT_EQ(next, host::kRamStart + kernel::kMiB + 3 * kPageSize);
    });
}

}  // namespace
}  // namespace arch::riscv64::sv39
