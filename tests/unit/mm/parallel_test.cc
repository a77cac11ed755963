// mm on several harts at once: what one gives back another takes, and at the end nothing is
// missing.
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "machine/boot_info.h"
#include "machine/memory.h"
#include "mm/frames.h"
#include "mm/heap.h"
#include "mm/kernel_stack.h"
#include "mm/memory.h"
#include "mm/object_cache.h"
#include "sync/spin_lock.h"
#include "tests/fixture/kernel_fixture.h"
#include "tests/unit/mm/test_ram.h"

namespace kernel::mm {
namespace {

struct Item {
    explicit Item(u64 v) : value(v) {}
    u64 value;
    std::array<u64, 9> rest{};
};
constinit ObjectCache<Item> items("test item");

fixture::Options with_memory(u32 harts, u64 memory) {
    return {.harts = harts, .memory = memory, .boot = [] { initialize(machine::boot_info()); }};
}

/// Things on their way from task to task: what is freed was mostly made elsewhere.
struct Exchange {
    sync::SpinLock<sync::LockRank::kChanTable> lock;
    std::vector<Item*> item_list;
    std::vector<PhysAddr> page_list;
};

template <class T>
std::optional<T> swap_one(Exchange& exchange, std::vector<T>& list, T mine) {
    sync::IrqSaveGuard guard(exchange.lock);
    list.push_back(mine);
    if (list.size() < 20) return std::nullopt;
    std::swap(list.front(), list.back());
    const T other = list.back();
    list.pop_back();
    return other;
}

void churn(Exchange& exchange, u32 task, u32 turns) {
    std::mt19937_64 random(fixture::seed() * 100 + task);
    for (u32 turn = 0; turn < turns; ++turn) {
        switch (random() % 5) {
            case 0: {
                Item* item = items.create(random()).value();
                item->rest.fill(item->value);
                if (auto other = swap_one(exchange, exchange.item_list, item)) {
                    for (const u64 word : (*other)->rest) ASSERT_EQ(word, (*other)->value);
                    items.destroy(**other);
                }
                break;
            }
            case 1: {
                const PhysAddr page = allocate_page(PageFill::kZero).value();
                u64* words = machine::direct_map(page).as<u64>();
                ASSERT_EQ(words[17], 0u);
                words[17] = page.value;
                if (auto other = swap_one(exchange, exchange.page_list, page)) {
                    ASSERT_EQ(machine::direct_map(*other).as<u64>()[17], other->value);
                    free_page(*other);
                }
                break;
            }
            case 2: {
                const OwnedPages run =
                    std::move(OwnedPages::create(1 + random() % 9, PageFill::kAny)).value();
                run.bytes()[0] = std::byte{1};
                break;
            }
            case 3: {
                const Buffer buffer = std::move(Buffer::create(random() % 3000)).value();
                std::fill(buffer.bytes().begin(), buffer.bytes().end(), std::byte{3});
                break;
            }
            default: {
                const KernelStack stack = std::move(KernelStack::create()).value();
                stack.bytes()[random() % KernelStack::kSize] = std::byte{1};
                break;
            }
        }
    }
}

TEST(MemoryParallel, NothingIsLostOrGivenTwice) {
    const u32 turns = fixture::is_simulated() ? 12 : 3000;
    fixture::run_seeds(with_memory(4, 32 * kMiB), fixture::is_simulated() ? 150 : 3, [&] {
        const testing::InUse before = testing::InUse::now();
        Exchange exchange;
        fixture::in_parallel(4, [&](u32 task) { churn(exchange, task, turns); });
        for (Item* item : exchange.item_list) items.destroy(*item);
        for (const PhysAddr page : exchange.page_list) free_page(page);
        EXPECT_EQ(testing::InUse::now(), before);
    });
}

TEST(MemoryParallel, TheLastPagesAreSharedOutExactly) {
    fixture::run_seeds(with_memory(3, 8 * kMiB), fixture::is_simulated() ? 10 : 3, [&] {
        const u64 total = page_counts().total;
        const u64 other = total - page_counts().free;
        std::array<std::vector<PhysAddr>, 3> taken;
        fixture::in_parallel(3, [&](u32 task) {
            for (;;) {
                const Result<PhysAddr> page = allocate_page(PageFill::kAny);
                if (!page.ok()) break;
                taken[task].push_back(page.value());
            }
        });
        EXPECT_EQ(taken[0].size() + taken[1].size() + taken[2].size() + other, total);
        // Freed at once on all harts, whoever took them.
        fixture::in_parallel(3, [&](u32 task) {
            for (const PhysAddr page : taken[(task + 1) % 3]) free_page(page);
        });
        EXPECT_EQ(page_counts().free + other, total);
        // What lies at hand on other harts is found from any.
        std::vector<PhysAddr> all;
        for (u64 i = other; i < total; ++i) {
            all.push_back(allocate_page(PageFill::kAny).value());
        }
        EXPECT_FALSE(allocate_page(PageFill::kAny).ok());
        for (const PhysAddr page : all) free_page(page);
    });
}

}  // namespace
}  // namespace kernel::mm
