// The pool: a run of pages below the end of RAM, a flag and a record for each.
#include "tests/contract/user_pages.h"

#include "base/assert.h"
#include "machine/boot_info.h"
#include "machine/memory.h"
#include "machine/user_space.h"

namespace contract {
namespace {

using kernel::PhysAddr;
using kernel::PhysRange;
using kernel::Result;
using kernel::machine::PageRecord;
namespace machine = kernel::machine;

constexpr usize kPages = 128;
constexpr usize kWordsPerPage = kernel::kPageSize / sizeof(u64);

struct Page {
    kernel::Atomic<u32> taken{0};  // atomic: [contract.page]
    PageRecord record;
};
constinit std::array<Page, kPages> pages;
constinit PhysAddr first_page;  // const once use_user_pages() was called

Page& page_at(PhysAddr at) {
    const u64 index = (at - first_page) / kernel::kPageSize;
    ASSERT(at >= first_page && index < kPages && kernel::is_aligned(at.value, kernel::kPageSize));
    return pages[index];
}

void fill(PhysAddr page, u64 value) {
    std::fill_n(machine::direct_map(page).as<u64>(), kWordsPerPage, value);
}

Result<PhysAddr> take() {
    for (usize i = 0; i < kPages; ++i) {
        // [contract.page] acquire: what the last user did is over; pairs with release in give().
        if (pages[i].taken.exchange(1, std::memory_order_acquire) != 0) continue;
        // relaxed (both): nobody else knows the page.
        pages[i].record.references.store(1, std::memory_order_relaxed);
        pages[i].record.use.store(0, std::memory_order_relaxed);
        return first_page + i * kernel::kPageSize;
    }
    return kernel::Error::kNoMemory;
}

Result<PhysAddr> take_zeroes() {
    const PhysAddr page = TRY(take());
    fill(page, 0);
    return page;
}

void give(PhysAddr page) {
    fill(page, kGivenBack);
    // [contract.page] release: pairs with acquire in take().
    const u32 was = page_at(page).taken.exchange(0, std::memory_order_release);
    CONTRACT_CHECK(was == 1);
}

void give_table(PhysAddr page) {
    const u64* words = machine::direct_map(page).as<const u64>();
    CONTRACT_CHECK(std::all_of(words, words + kWordsPerPage, [](u64 word) { return word == 0; }));
    give(page);
}

/// A run of kPages pages at the end of some RAM, with nothing reserved in it.
PhysAddr find_run() {
    const auto& info = machine::boot_info();
    constexpr u64 kSize = kPages * kernel::kPageSize;
    for (const PhysRange& memory : info.memory) {
        for (u64 end = memory.size; end >= kSize; end -= kernel::kPageSize) {
            const PhysRange run{memory.start + (end - kSize), kSize};
            const auto overlaps = [&run](const PhysRange& range) { return range.overlaps(run); };
            if (std::ranges::none_of(info.reserved, overlaps)) return run.start;
        }
    }
    PANIC("no {} pages of RAM are free", kPages);
}

}  // namespace

void use_user_pages() {
    first_page = find_run();
    // relaxed: the case alone is here.
    for (Page& page : pages) page.taken.store(0, std::memory_order_relaxed);
    machine::set_user_pages({.record = user_page_record,
                             .take_table = take_zeroes,
                             .give_table = give_table,
                             .take_page = take,
                             .give_page = give});
}

PageRecord& user_page_record(PhysAddr page) { return page_at(page).record; }

PhysAddr take_user_page() {
    const Result<PhysAddr> page = take_zeroes();
    ASSERT(page.ok());
    return page.value();
}

void give_user_page(PhysAddr page) {
    // acq_rel: as where tables let go of it.
    if (user_page_record(page).references.fetch_sub(1, std::memory_order_acq_rel) == 1) give(page);
}

u64& word_in(PhysAddr page, u64 offset) { return *(machine::direct_map(page) + offset).as<u64>(); }

usize user_pages_taken() {
    // relaxed: the case alone is here.
    return static_cast<usize>(std::ranges::count_if(
        pages, [](const Page& page) { return page.taken.load(std::memory_order_relaxed) != 0; }));
}

}  // namespace contract
