// Sv39 page tables: the walk that makes tables on its way, and the one that only looks.
#include "arch/riscv64/sv39/page_table.h"

#include "machine/memory.h"

namespace arch::riscv64::sv39 {
namespace {

// A page that was fetched for a table another hart installed first; the next table takes it.
// atomic: [sv39.spare]
constinit Atomic<u64> spare_page{0};

/// A zeroed page: the spare one, or a new one.
Result<PhysAddr> take_page(PageSource source) {
    // [sv39.spare] acquire: the page is still zero as its fetcher left it; pairs with release in
    // keep_spare().
    const u64 spare = spare_page.exchange(0, std::memory_order_acquire);
    if (spare != 0) return PhysAddr{spare};
    return source();
}

void keep_spare(PhysAddr page) {
    u64 none = 0;
    // [sv39.spare] release: pairs with acquire in take_page().
    const bool kept = spare_page.compare_exchange(none, page.value, std::memory_order_release);
    // Two spares at once need three harts in one window of a few instructions; the second is lost.
    (void)kept;  // ignored: a lost page costs 4 KiB, once
}

}  // namespace

Table& table_at(PhysAddr page) { return *kernel::machine::direct_map(page).as<Table>(); }

Result<Atomic<u64>*> PageTable::entry_for(VirtAddr at, unsigned level, PageSource source) {
    PhysAddr table = root_;
    for (unsigned above = kLevels - 1; above > level; --above) {
        Atomic<u64>& entry = table_at(table).entries[entry_index(at, above)];
        // [sv39.entry] acquire: the lower table is zeroed; pairs with release below.
        Pte pte{entry.load(std::memory_order_acquire)};
        if (!pte.valid()) {
            const PhysAddr page = TRY(take_page(source));
            pte = Pte::table(page);
            u64 seen = 0;
            // [sv39.entry] acq_rel: the zeros of the page come before the page is reached; the
            // hardware's walk is ordered by the caller's fence.
            if (!entry.compare_exchange(seen, pte.bits, std::memory_order_acq_rel)) {
                keep_spare(page);
                pte = Pte{seen};
            }
        }
        ASSERT(pte.valid() && !pte.is_leaf());
        table = pte.target();
    }
    return &table_at(table).entries[entry_index(at, level)];
}

Result<void> PageTable::map(const Mapping& mapping, LeafLimit limit, PageSource source) {
    ASSERT(kernel::is_aligned(mapping.at.value | mapping.to.value | mapping.size, kPageSize));
    u64 done = 0;
    while (done < mapping.size) {
        const VirtAddr at = mapping.at + done;
        const PhysAddr to = mapping.to + done;
        const u64 left = mapping.size - done;
        unsigned level = static_cast<unsigned>(limit);
        while (!kernel::is_aligned(at.value | to.value, leaf_size(level)) ||
               left < leaf_size(level)) {
            --level;  // ends at 0: everything is page-aligned
        }
        Atomic<u64>* entry = TRY(entry_for(at, level, source));
        // Neighbours go into the same table without a new walk.
        const usize room = kEntries - entry_index(at, level);
        const usize count = std::min<u64>(room, left / leaf_size(level));
        for (usize i = 0; i < count; ++i) {
            const Pte leaf = Pte::leaf(to + i * leaf_size(level), mapping.access);
            // relaxed: this page's calls are kept apart by the caller.
            ASSERT(entry[i].load(std::memory_order_relaxed) == 0);
            // [sv39.entry] release: what the page holds comes before it can be reached.
            entry[i].store(leaf.bits, std::memory_order_release);
            done += leaf_size(level);
            // A larger leaf may fit from here on.
            if (level < static_cast<unsigned>(limit) &&
                kernel::is_aligned((mapping.at + done).value | (mapping.to + done).value,
                                   leaf_size(level + 1))) {
                break;
            }
        }
    }
    return {};
}

Result<void> PageTable::reserve_tables(VirtAddr at, u64 size, unsigned level, PageSource source) {
    for (u64 done = 0; done < size; done += leaf_size(level + 1)) {
        (void)TRY(entry_for(at + done, level, source));  // ignored: only the tables are wanted
    }
    return {};
}

PhysAddr PageTable::unmap_page(VirtAddr at) {
    const std::optional<Leaf> leaf = find(at);
    ASSERT(leaf && leaf->level == 0);
    // relaxed: the caller's fences and shootdown order it against every use of the page.
    leaf->entry->store(0, std::memory_order_relaxed);
    return leaf->pte.target();
}

std::optional<Leaf> PageTable::find(VirtAddr at) const {
    if (!is_canonical(at)) return std::nullopt;
    PhysAddr table = root_;
    for (unsigned level = kLevels; level-- > 0;) {
        Atomic<u64>& entry = table_at(table).entries[entry_index(at, level)];
        // [sv39.entry] acquire: pairs with release in entry_for() and map().
        const Pte pte{entry.load(std::memory_order_acquire)};
        if (pte.is_leaf()) {
            return Leaf{&entry, pte, level, {kernel::align_down(at.value, leaf_size(level))}};
        }
        if (!pte.valid()) return std::nullopt;
        table = pte.target();
    }
    return std::nullopt;
}

std::optional<PhysAddr> PageTable::translate(VirtAddr at) const {
    const std::optional<Leaf> leaf = find(at);
    if (!leaf) return std::nullopt;
    return leaf->pte.target() + (at - leaf->at);
}

FaultCause settle_fault(const PageTable& tables, VirtAddr at, Attempt attempt) {
    const std::optional<Leaf> leaf = tables.find(at);
    if (!leaf) return FaultCause::kForbidden;
    u64 wanted = Pte::Accessed::kMask;
    if (attempt == Attempt::kStore) wanted |= Pte::Dirty::kMask;
    // Ends: another turn means that somebody else changed the entry, and each sets bits that stay
    // set, or takes the page away.
    for (Pte pte = leaf->pte;;) {
        if (!pte.is_leaf() || !pte.allows(attempt)) return FaultCause::kForbidden;
        // A misaligned large leaf or a reserved bit faults whatever the permissions say.
        if (Pte::Reserved::get(pte.bits) != 0 ||
            !kernel::is_aligned(pte.target().value, leaf->size())) {
            return FaultCause::kForbidden;
        }
        if ((pte.bits & wanted) == wanted) return FaultCause::kStale;
        // [sv39.entry] acq_rel: joins with what hardware and other harts set in the same entry.
        // Only in the entry that was looked at: the page may be gone, and must not leave bits.
        if (leaf->entry->compare_exchange(pte.bits, pte.bits | wanted, std::memory_order_acq_rel)) {
            return FaultCause::kStale;
        }
    }
}

}  // namespace arch::riscv64::sv39
