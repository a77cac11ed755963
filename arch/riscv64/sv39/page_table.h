// Sv39 page tables: mapping, unmapping, looking up, and walking all leaves. Seen through the direct
// map, so that hardware and host backends share it.
#pragma once

#include "arch/riscv64/sv39/pte.h"
#include "arch/riscv64/sv39/table.h"
#include "arch/riscv64/sv39/vocabulary.h"

namespace arch::riscv64::sv39 {

/// The table in physical page `page`.
Table& table_at(PhysAddr page);

/// Gives a zeroed page for a table, or fails with kNoMemory.
using PageSource = Result<PhysAddr> (*)();

/// A run of addresses and where it leads. Everything is page-aligned.
struct Mapping {
    VirtAddr at;
    PhysAddr to;
    u64 size = 0;
    Access access = Access::kRead;
};

/// The largest leaf that map() may use.
enum class LeafLimit : u8 { kPage = 0, kMegapage = 1, kGigapage = 2 };

/// A leaf and where it stands.
struct Leaf {
    Atomic<u64>* entry;  // in its table
    Pte pte;             // as read
    unsigned level;
    VirtAddr at;  // the first address it maps

    u64 size() const { return leaf_size(level); }
};

/// A tree of tables by its root. Does not own the pages. Distinct pages may be mapped and unmapped
/// at the same time; for one page the caller keeps the calls apart. No call fences: the caller
/// does, after unmapping always, after mapping where a hart may have tried the address before.
class PageTable {
public:
    constexpr explicit PageTable(PhysAddr root) : root_(root) {}
    PhysAddr root() const { return root_; }

    /// Maps all of `mapping`, with the largest leaves that fit and `limit` allows. Asserts that
    /// nothing was mapped there. Fails with kNoMemory when `source` does; what was mapped before
    /// stays.
    /// Cost: one store per leaf.
    Result<void> map(const Mapping& mapping, LeafLimit limit, PageSource source);

    /// Makes sure that every table for page leaves of [at, at + size) exists, so that mapping there
    /// cannot fail later. Fails with kNoMemory.
    Result<void> reserve_tables(VirtAddr at, u64 size, unsigned level, PageSource source);

    /// Removes the 4 KiB leaf at `at` and returns the page; asserts that there is one.
    PhysAddr unmap_page(VirtAddr at);

    /// The leaf that maps `at`; nothing if none does, or `at` is not canonical. Any context.
    /// Cost: at most three loads.
    std::optional<Leaf> find(VirtAddr at) const;

    /// The physical address that `at` leads to.
    std::optional<PhysAddr> translate(VirtAddr at) const;

    /// Calls visit(Leaf) for each leaf, in the order of entries. Cost: the tables' size.
    template <class Visit>
    void for_each_leaf(Visit&& visit) const;

private:
    Result<Atomic<u64>*> entry_for(VirtAddr at, unsigned level, PageSource source);

    PhysAddr root_;
};

/// Why a fault at a page that is mapped happened.
enum class FaultCause : u8 {
    kForbidden,  // not mapped, or not for this
    kStale,      // mapped and allowed: A or D was missing (set now), or an old entry was cached
};
/// For hardware that faults where A (or D, for a store) is missing instead of setting it: sets them
/// if the entry allows `attempt`. After kStale, fence and try again.
FaultCause settle_fault(const PageTable& tables, VirtAddr at, Attempt attempt);

template <class Visit>
void PageTable::for_each_leaf(Visit&& visit) const {
    // relaxed (all three): what is looked at is stable, or only a report.
    const Table& top = table_at(root_);
    for (usize i = 0; i < kEntries; ++i) {
        const Pte a{top.entries[i].load(std::memory_order_relaxed)};
        // Addresses above the hole in the middle are those with bit 38 set, extended upward.
        const u64 base = i < kEntries / 2 ? i << 30 : (i << 30) | ~u64{0} << 39;
        if (a.is_leaf()) visit(Leaf{nullptr, a, 2, {base}});
        if (!a.valid() || a.is_leaf()) continue;
        const Table& middle = table_at(a.target());
        for (usize j = 0; j < kEntries; ++j) {
            const Pte b{middle.entries[j].load(std::memory_order_relaxed)};
            if (b.is_leaf()) visit(Leaf{nullptr, b, 1, {base | j << 21}});
            if (!b.valid() || b.is_leaf()) continue;
            const Table& bottom = table_at(b.target());
            for (usize k = 0; k < kEntries; ++k) {
                const Pte c{bottom.entries[k].load(std::memory_order_relaxed)};
                if (c.is_leaf()) visit(Leaf{nullptr, c, 0, {base | j << 21 | k << 12}});
            }
        }
    }
}

}  // namespace arch::riscv64::sv39
