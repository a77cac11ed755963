// BasicUserTables: the page tables of an address space, which a fork shares until somebody writes.
#pragma once

#include "arch/riscv64/sv39/pte.h"
#include "arch/riscv64/sv39/table.h"
#include "arch/riscv64/sv39/vocabulary.h"
#include "base/assert.h"
#include "machine/page_record.h"

namespace arch::riscv64::sv39 {

/// The tree of tables under one root. A fork gives the child the tables of its parent, whatever
/// their size: an entry a top-level table. From then on whoever touches something freezes or copies
/// one table per level on the way, and nothing else.
///
/// Sv39 has no write permission above the leaf, so a table may be reached from two trees only while
/// nothing beneath it can be written:
/// ```
///            fork: clear V, set Lazy              first touch by either: freeze one level
///   own ───────────────────────────────► lazy ──────────────────────────────────────────► frozen
///    ▲   V, leaves may have W             entries that lead here have no V:   V; no leaf beneath
///    │                                    hardware does not come here         has W
///    │                                                                                │
///    └────────── write: copy the table if it has other references, else take it back ─┘
/// ```
/// Words. A table is *shared* if it, or one above it, has more than one reference. An entry is
/// *lazy* if it leads to a table but is not valid. A table is *frozen* (a mark in its record) if
/// F1 to F3 hold of it.
///
/// Invariants:
///   F1  A frozen bottom table has no leaf with W.
///   F2  A valid entry of a frozen table leads to a frozen table.
///   F3  A valid entry that leads to a table with several references leads to a frozen one.
///   F4  An entry changes in a way that is seen elsewhere (another page, another table, W set,
///       hidden or shown) only in a table that is not shared, by who holds the lock of the tree. In
///       shared tables only W goes, and lazy becomes valid or valid lazy: each again and again
///       without harm.
///   F5  References of a table or of a counted page are the entries that lead to it, in tables that
///       somebody holds.
///   F6  What a tree lets go of was flushed from every hart that runs on it, before.
///
/// Why two trees may work on one table without a lock: each came to it by a path that it holds a
/// reference on for as long as it works there, so nobody else can find it to be his own; and what
/// both may do meanwhile (F4) is the same. When one has copied it and lets go, the other's later
/// look at the references acquires what was done ([sv39.drop]).
///
/// Ordering: [sv39.entry] what a table or page holds is stored before the entry that leads to it;
///   who walks, depends on the entry for the address of what it reads next.
///   [sv39.freeze] the mark releases the loss of W, who sees it acquires. [sv39.drop] letting go is
///   acq_rel, looking whether one is alone acquires: what others did with it came before.
///
/// Locks: the owner calls for one tree under one lock, which fork_into() needs for both. Trees that
/// share tables have different locks. `Machine` is how it reaches memory:
/// ```
///   template <class T> using Atomic;  Table& table(PhysAddr);  PageRecord& record(PhysAddr);
///   Result<PhysAddr> take_table();  void give_table(PhysAddr);   // empty, with a fresh record
///   Result<PhysAddr> take_page();   void give_page(PhysAddr);    // with a fresh record
///   void copy_page(PhysAddr to, PhysAddr from);
///   void flush();  // no hart knows a translation of this tree that is not in its tables now
/// ```
/// and kIndexBits, 9 but in models. Translations of what was not mapped, or had less permission,
/// may linger after a call: who faulted fences its own hart and tries again.
///
/// References: the idea of sharing last-level tables is On-demand-fork (EuroSys 2021); here every
/// level is shared, and marking is put off too, so that a fork costs the same at any size.
/// Rejected: a lock in each table (two trees would wait for each other's faults); copying when the
/// fork is made what one expects to be written (the guess costs every fork).
template <class Machine>
class BasicUserTables : kernel::Pinned {
    template <class T>
    using Atomic = typename Machine::template Atomic<T>;

public:
    static constexpr usize kTableEntries = usize{1} << Machine::kIndexBits;
    using Cell = Atomic<u64>;
    using Table = BasicTable<Cell, Machine::kIndexBits>;
    using PageRecord = kernel::machine::BasicPageRecord<Atomic<u32>>;

    /// Half of the root's entries are user mode's.
    static constexpr usize kUserEntries = kTableEntries / 2;
    static constexpr u64 kUserEnd = u64{kUserEntries} << (12 + 2 * Machine::kIndexBits);

    /// A view of the tables under `root`, whose user half was empty and whose record was fresh when
    /// the first one was made. The root stays the caller's, who clears everything before it goes.
    /// Any context.
    BasicUserTables(Machine& machine, PhysAddr root) : machine_(machine), root_(root) {}

    /// Whether nothing is mapped.
    bool is_empty() const { return use_of(root_).parts == 0; }

    PhysAddr root() const { return root_; }

    /// What `at` leads to, made such that hardware finds it too; empty if nothing. Cost: at most
    /// two tables frozen.
    Pte reach(VirtAddr at);

    /// Maps the page at `page` at `at`, where nothing is. A counted page comes with one reference,
    /// which is now the tree's. Errors: kNoMemory; then nothing has changed. Cost: at most two
    /// tables made or copied.
    Result<void> map(VirtAddr at, PhysAddr page, Access access, bool counted, bool hidden = false);

    /// Hides the pages that are mapped in [begin, end) from loads and stores of programs. What is
    /// hidden stays so when it is written or forked. Errors: kNoMemory; then a part may be hidden.
    /// Cost: a visit of each page, at most two tables copied for each two megabytes, and a flush.
    Result<void> hide(VirtAddr begin, VirtAddr end);
    /// Shows the page at `at`, which must be mapped. Errors: kNoMemory. Cost: at most two tables
    /// copied.
    Result<void> show(VirtAddr at);

    /// How a page that others see is written to.
    enum class Write : u8 {
        kCopied,  // a copy of it is made, unless nobody else has it
        kShared,  // it itself
    };
    /// Gives the page at `at`, which must be mapped, write permission. Errors: kNoMemory; then what
    /// is seen at `at` has not changed. Cost: at most two tables copied, and the page.
    Result<void> make_writable(VirtAddr at, Write write);

    /// Unmaps [begin, end). Errors: kNoMemory, if a table must be copied to lose a part; then what
    /// is seen has not changed. Cost: what is mapped there.
    Result<void> clear(VirtAddr begin, VirtAddr end);

    /// Unmaps everything, when no hart runs on this tree any more. `pause` is called now and then.
    template <class Pause>
    void clear_all(Pause&& pause);

    /// Makes `child`, which is empty, see what this one sees now; what either writes later, only it
    /// sees. When it returns no hart can write through an old translation. Cost: at most one store
    /// for each gigabyte that is used, and one flush.
    void fork_into(BasicUserTables& child);

private:
    /// The parts of a table in which an entry may be other than empty: a bit for each. Programs use
    /// both ends of a table (their text and their stack), so its first and last would not do.
    struct Use {
        u32 parts = 0;
        bool frozen = false;

        using Parts = Field<0, 31>;
        using Frozen = Field<31, 1>;
        static constexpr Use of(u32 bits) {
            return {static_cast<u32>(Parts::get(bits)), Frozen::get(bits) != 0};
        }
        constexpr u32 bits() const {
            return static_cast<u32>(Parts::make(parts) | Frozen::make(frozen));
        }
    };
    static constexpr usize kPartEntries = (kTableEntries + 30) / 31;

    /// Tables and pages let go of, to be dropped after one flush.
    class Dropped;

    static usize index(VirtAddr at, unsigned level) {
        return (at.value >> (12 + Machine::kIndexBits * level)) % kTableEntries;
    }
    static constexpr u64 size_of_entry(unsigned level) {
        return u64{kPageSize} << (Machine::kIndexBits * level);
    }
    Table& table(PhysAddr page) const { return machine_.table(page); }
    PageRecord& record(PhysAddr page) const { return machine_.record(page); }
    Cell& entry(PhysAddr in, VirtAddr at, unsigned level) const {
        return table(in).entries[index(at, level)];
    }
    static Pte read(const Cell& entry) {
        // relaxed: tables come to other trees by a fork, and within one by its lock.
        return {entry.load(std::memory_order_relaxed)};
    }
    static void store(Cell& entry, Pte pte) {
        // [sv39.entry] release: what it leads to is complete, or frozen; pairs with the
        // dependencies of a hart's walk.
        entry.store(pte.bits, std::memory_order_release);
    }

    Use use_of(PhysAddr of) const {
        // [sv39.freeze] acquire: pairs with release in freeze().
        return Use::of(record(of).use.load(std::memory_order_acquire));
    }
    /// In a table that is not shared.
    void set_use(PhysAddr of, Use use) {
        // relaxed: others see it after [sv39.entry] or [sv39.drop].
        record(of).use.store(use.bits(), std::memory_order_relaxed);
    }
    void note_use(PhysAddr of, usize entry);
    /// Calls `visit(i, place, pte)` for what is not empty in a table's used parts.
    template <class Visit>
    void for_each_entry(PhysAddr of, Use use, Visit&& visit) const;
    /// The record is that of a table that is not shared.
    static void thaw(PageRecord& own);
    /// Whether nobody else has a reference to what the record is of.
    static bool is_alone(const PageRecord& of) {
        // [sv39.drop] acquire: what those did who let go; pairs with acq_rel in let_go().
        return of.references.load(std::memory_order_acquire) == 1;
    }

    /// The bottom entry for `at` in a table that is not shared; null where there is none and none
    /// is wanted. Every table on the way is made or copied as needed.
    enum class Missing : u8 { kMake, kLeave };
    Result<Cell*> own_entry(VirtAddr at, Missing missing);
    /// The same for the entry of a table at `level` above the bottom, from `above`.
    Result<PhysAddr> own_table(PhysAddr above, VirtAddr at, unsigned level, Missing missing);
    /// The same for each table that `edge` divides.
    Result<void> own_edge(VirtAddr edge);

    template <unsigned Level>
    void freeze(PhysAddr shared);
    /// Replaces what `place` leads to, a shared table, by a copy of it.
    template <unsigned Level>
    Result<PhysAddr> split(Cell& place, PhysAddr shared);

    /// Whether that was the last reference.
    bool let_go(PhysAddr of) {
        // [sv39.drop] acq_rel: what was done through this reference comes before the end.
        return record(of).references.fetch_sub(1, std::memory_order_acq_rel) == 1;
    }
    void drop_page(PhysAddr page) {
        if (let_go(page)) machine_.give_page(page);
    }
    template <unsigned Level, class Pause>
    void drop_table(PhysAddr of, Pause&& pause);
    /// What an entry of a table at `Level` led to.
    template <unsigned Level, class Pause>
    void drop_target(Pte pte, Pause&& pause);

    Machine& machine_;
    const PhysAddr root_;
};

}  // namespace arch::riscv64::sv39

#include "arch/riscv64/sv39/user_tables_inline.h"
