// BasicUserTables, its functions: the way down, freezing, copying, letting go.
#pragma once

#include "arch/riscv64/sv39/user_tables.h"
#include "base/lowest_bit.h"

namespace arch::riscv64::sv39 {

template <class Machine>
void BasicUserTables<Machine>::note_use(PhysAddr of, usize entry) {
    Use use = use_of(of);
    const u32 part = u32{1} << (entry / kPartEntries);
    if ((use.parts & part) != 0) return;
    use.parts |= part;
    set_use(of, use);
}

template <class Machine>
template <class Visit>
void BasicUserTables<Machine>::for_each_entry(PhysAddr of, Use use, Visit&& visit) const {
    Cell* const cells = table(of).entries.data();
    for (u32 left = use.parts; left != 0; left &= left - 1) {
        const usize first = kernel::lowest_bit(left) * kPartEntries;
        const usize end = std::min(first + kPartEntries, kTableEntries);
        for (usize i = first; i < end; ++i) {
            if (const Pte pte = read(cells[i]); !pte.empty()) visit(i, cells[i], pte);
        }
    }
}

template <class Machine>
void BasicUserTables<Machine>::thaw(PageRecord& own) {
    // relaxed (both): see set_use(); the mark goes by who alone may set it here.
    const u32 bits = own.use.load(std::memory_order_relaxed);
    if ((bits & Use::Frozen::kMask) == 0) return;
    own.use.store(static_cast<u32>(bits & ~Use::Frozen::kMask), std::memory_order_relaxed);
}

template <class Machine>
Pte BasicUserTables<Machine>::reach(VirtAddr at) {
    PhysAddr in = root_;
    bool own = true;
    for (unsigned level = kLevels - 1; level > 0; --level) {
        Cell& place = entry(in, at, level);
        const Pte pte = read(place);
        if (pte.empty()) return {};
        const PhysAddr below = pte.target();
        own = own && is_alone(record(below));
        if (pte.is_lazy()) {
            if (own) {
                thaw(record(in));  // F2: what is below may be written
            } else if (level == 2) {
                freeze<1>(below);
            } else {
                freeze<0>(below);
            }
            // Another tree may do the same now, or be about to make it lazy again (F4); then the
            // access faults once more.
            store(place, Pte::table(below));
        }
        in = below;
    }
    return read(entry(in, at, 0));
}

template <class Machine>
auto BasicUserTables<Machine>::own_table(PhysAddr above, VirtAddr at, unsigned level,
                                         Missing missing) -> Result<PhysAddr> {
    Cell& place = entry(above, at, level + 1);
    const Pte pte = read(place);
    if (pte.empty()) {
        if (missing == Missing::kLeave) return PhysAddr{};
        const PhysAddr made = TRY(machine_.take_table());
        store(place, Pte::table(made));
        note_use(above, index(at, level + 1));
        return made;
    }
    const PhysAddr there = pte.target();
    PageRecord& of = record(there);
    if (!is_alone(of)) return level == 1 ? split<1>(place, there) : split<0>(place, there);
    thaw(of);
    if (pte.is_lazy()) store(place, Pte::table(there));
    return there;
}

template <class Machine>
auto BasicUserTables<Machine>::own_entry(VirtAddr at, Missing missing) -> Result<Cell*> {
    ASSERT(at.value < kUserEnd && kernel::is_aligned(at.value, kPageSize));
    const PhysAddr middle = TRY(own_table(root_, at, 1, missing));
    if (middle.value == 0) return nullptr;
    const PhysAddr bottom = TRY(own_table(middle, at, 0, missing));
    if (bottom.value == 0) return nullptr;
    if (missing == Missing::kMake) note_use(bottom, index(at, 0));
    return &entry(bottom, at, 0);
}

template <class Machine>
Result<void> BasicUserTables<Machine>::map(VirtAddr at, PhysAddr page, Access access, bool counted,
                                           bool hidden) {
    Cell* const place = TRY(own_entry(at, Missing::kMake));
    ASSERT(read(*place).empty());
    const Pte leaf = Pte::user_leaf(page, access, counted);
    store(*place, hidden ? leaf.hidden() : leaf);
    return {};
}

template <class Machine>
Result<void> BasicUserTables<Machine>::hide(VirtAddr begin, VirtAddr end) {
    ASSERT(begin <= end && end.value <= kUserEnd);
    ASSERT(kernel::is_aligned(begin.value | end.value, kPageSize));
    Result<void> result{};
    bool changed = false;
    for (VirtAddr at = begin; at < end && result.ok();) {
        PhysAddr in = root_;
        unsigned level = kLevels - 1;
        while (level > 0 && !read(entry(in, at, level)).empty()) {
            in = read(entry(in, at, level)).target();
            --level;
        }
        const Pte pte = read(entry(in, at, level));
        if (!pte.empty() && !pte.is_hidden()) {
            changed = true;
            const Result<Cell*> place = own_entry(at, Missing::kLeave);
            if (place.ok()) {
                store(*place.value(), read(*place.value()).shown().hidden());
            } else {
                result = place.error();
            }
        }
        const u64 size = size_of_entry(level);
        at = {kernel::align_down(at.value, size) + size};
    }
    if (changed) machine_.flush();
    return result;
}

template <class Machine>
Result<void> BasicUserTables<Machine>::show(VirtAddr at) {
    Cell* const place = TRY(own_entry(at, Missing::kLeave));
    ASSERT(place != nullptr && read(*place).is_leaf());
    store(*place, read(*place).shown());
    return {};
}

template <class Machine>
Result<void> BasicUserTables<Machine>::make_writable(VirtAddr at, Write write) {
    Cell* const place = TRY(own_entry(at, Missing::kLeave));
    ASSERT(place != nullptr);
    const Pte pte = read(*place);
    ASSERT(pte.is_leaf() && !pte.executable());
    if (pte.writable()) return {};
    const PhysAddr page = pte.target();
    const auto writable = [pte](PhysAddr to, bool counted) {
        const Pte leaf = Pte::user_leaf(to, Access::kReadWrite, counted);
        return pte.is_hidden() ? leaf.hidden() : leaf;
    };
    if (write == Write::kShared || (pte.counted() && is_alone(record(page)))) {
        store(*place, writable(page, pte.counted()));
        return {};
    }
    const PhysAddr fresh = TRY(machine_.take_page());
    machine_.copy_page(fresh, page);
    store(*place, writable(fresh, true));
    machine_.flush();
    if (pte.counted()) drop_page(page);
    return {};
}

template <class Machine>
template <unsigned Level>
void BasicUserTables<Machine>::freeze(PhysAddr shared) {
    const Use use = use_of(shared);
    if (use.frozen) return;
    for_each_entry(shared, use, [&](usize, Cell& place, Pte pte) {
        // relaxed (both): the mark below releases it. Others may do the same at once (F4).
        if constexpr (Level == 0) {
            if (!pte.writable()) return;
            place.store(pte.bits & ~Pte::Write::kMask, std::memory_order_relaxed);
        } else {
            if (!pte.valid() || use_of(pte.target()).frozen) return;
            place.store(Pte::lazy(pte.target()).bits, std::memory_order_relaxed);
        }
    });
    // [sv39.freeze] release: pairs with acquire in use_of().
    record(shared).use.fetch_or(static_cast<u32>(Use::Frozen::kMask), std::memory_order_release);
}

template <class Machine>
template <unsigned Level>
auto BasicUserTables<Machine>::split(Cell& place, PhysAddr shared) -> Result<PhysAddr> {
    freeze<Level>(shared);
    const PhysAddr copy = TRY(machine_.take_table());
    Use use = use_of(shared);
    Cell* const copies = table(copy).entries.data();
    for_each_entry(shared, use, [this, copies](usize i, Cell&, Pte pte) {
        // relaxed: the shared table holds a reference meanwhile.
        if (Level != 0 || pte.counted()) {
            record(pte.target()).references.fetch_add(1, std::memory_order_relaxed);
        }
        // relaxed: nobody sees the copy yet.
        copies[i].store(pte.bits, std::memory_order_relaxed);
    });
    use.frozen = false;
    set_use(copy, use);
    store(place, Pte::table(copy));
    machine_.flush();
    drop_table<Level>(shared, [] {});
    return copy;
}

template <class Machine>
template <unsigned Level, class Pause>
void BasicUserTables<Machine>::drop_table(PhysAddr of, Pause&& pause) {
    if (!let_go(of)) return;
    for_each_entry(of, use_of(of), [&](usize, Cell& place, Pte pte) {
        store(place, {});
        drop_target<Level>(pte, pause);
    });
    machine_.give_table(of);
    if constexpr (Level == 0) pause();
}

template <class Machine>
template <unsigned Level, class Pause>
void BasicUserTables<Machine>::drop_target(Pte pte, Pause&& pause) {
    if constexpr (Level == 0) {
        if (pte.counted()) drop_page(pte.target());
    } else {
        drop_table<Level - 1>(pte.target(), pause);
    }
}

/// Gathers what entries led to; drops it when it is full, and at its end.
template <class Machine>
class BasicUserTables<Machine>::Dropped : kernel::Pinned {
public:
    explicit Dropped(BasicUserTables& tables) : tables_(tables) {}
    ~Dropped() { drop(); }

    /// Empties `place`, of a table at `level` that is not shared.
    void take(Cell& place, unsigned level) {
        const Pte pte = read(place);
        if (pte.empty()) return;
        if (count_ == kMost) drop();
        store(place, {});
        taken_[count_++] = {pte, level};
    }

private:
    static constexpr usize kMost = 16;
    struct Taken {
        Pte pte;
        unsigned level;
    };

    void drop() {
        if (count_ == 0) return;
        tables_.machine_.flush();
        for (const Taken& taken : std::span(taken_).first(std::exchange(count_, 0))) {
            if (taken.level == 0) tables_.template drop_target<0>(taken.pte, [] {});
            if (taken.level == 1) tables_.template drop_target<1>(taken.pte, [] {});
            if (taken.level == 2) tables_.template drop_target<2>(taken.pte, [] {});
        }
    }

    BasicUserTables& tables_;
    std::array<Taken, kMost> taken_;
    usize count_ = 0;
};

template <class Machine>
Result<void> BasicUserTables<Machine>::own_edge(VirtAddr edge) {
    PhysAddr in = root_;
    for (unsigned level = kLevels - 1; !kernel::is_aligned(edge.value, size_of_entry(level));
         --level) {
        if (read(entry(in, edge, level)).empty()) break;
        in = TRY(own_table(in, edge, level - 1, Missing::kLeave));
    }
    return {};
}

template <class Machine>
Result<void> BasicUserTables<Machine>::clear(VirtAddr begin, VirtAddr end) {
    ASSERT(begin <= end && end.value <= kUserEnd);
    ASSERT(kernel::is_aligned(begin.value | end.value, kPageSize));
    if (begin == end) return {};
    // All that needs memory, before anything goes.
    TRY(own_edge(begin));
    TRY(own_edge(end));
    Dropped dropped(*this);
    for (VirtAddr at = begin; at < end;) {
        PhysAddr in = root_;
        for (unsigned level = kLevels - 1;; --level) {
            const u64 size = size_of_entry(level);
            const VirtAddr next{kernel::align_down(at.value, size) + size};
            Cell& place = entry(in, at, level);
            if (read(place).empty()) {
                at = next;
                break;
            }
            if (kernel::is_aligned(at.value, size) && next <= end) {
                dropped.take(place, level);
                at = next;
                break;
            }
            in = read(place).target();  // with an edge in it, so that it is not shared
        }
    }
    return {};
}

template <class Machine>
template <class Pause>
void BasicUserTables<Machine>::clear_all(Pause&& pause) {
    for_each_entry(root_, use_of(root_), [&](usize, Cell& place, Pte pte) {
        store(place, {});
        drop_target<2>(pte, pause);
    });
    set_use(root_, {});
}

template <class Machine>
void BasicUserTables<Machine>::fork_into(BasicUserTables& child) {
    const Use use = use_of(root_);
    Cell* const copies = table(child.root_).entries.data();
    bool changed = false;
    for_each_entry(root_, use, [&](usize i, Cell& place, Pte pte) {
        const PhysAddr below = pte.target();
        // relaxed: this tree holds a reference.
        record(below).references.fetch_add(1, std::memory_order_relaxed);
        if (pte.valid() && !use_of(below).frozen) {
            pte = Pte::lazy(below);
            store(place, pte);
            changed = true;
        }
        store(copies[i], pte);
    });
    set_use(child.root_, use);
    if (changed) machine_.flush();
}

}  // namespace arch::riscv64::sv39
