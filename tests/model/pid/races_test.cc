// The races and weaknesses R1 to R15 of the table that the Pid hash replaces: found there, and not
// in the shipped header.
#include <gtest/gtest.h>

#include "tests/model/pid/bucket_table.h"
#include "tests/model/pid/scenarios.h"
#include "tests/model/pid/world.h"

namespace model::pid {
namespace {

constexpr u32 kSlot = 5;

/// That the explorer finds what `P` suffers from, and says `what`.
template <class P>
void expect_found(const char* what, const Bounds& bounds = {}) {
    const Report report = explore<P>(bounds);
    EXPECT_NE(report.failure.find(what), std::string::npos) << what << "\n" << report.failure;
}
template <class P>
void expect_none(const Bounds& bounds = {}) {
    const Report report = explore<P>(bounds);
    EXPECT_TRUE(report.ok()) << report.failure;
    EXPECT_TRUE(report.exhausted);
}
/// That the shipped header holds where its scenario tries the same.
void expect_holds(const char* name) {
    const Report report = scenario(name).run(MemoryModel::kWeak);
    EXPECT_TRUE(report.ok()) << report.failure;
}

constexpr Bounds kSequential{.memory = MemoryModel::kSequential};

/// Number 1 is held once, by thread 0.
template <u32 kBuckets = 1>
struct Buckets : Program {
    explicit Buckets(u32 mask = 7) : table(mask) { first = table.allocate(kSlot); }
    u32 threads() const override { return 2; }

    using Entry = BucketTable<kBuckets>::Entry;
    BucketTable<kBuckets> table;
    Entry* first = nullptr;

    static u32 number_of(Entry* entry) { return entry->number.load(std::memory_order_relaxed); }
};

// --- R1, R1b: lookup and count are two steps. ---

struct HoldsADeadEntry : Buckets<> {
    void run(u32 thread) override {
        if (thread == 0) return table.drop(first);
        Entry* const held = table.add(1);
        if (held != nullptr) check(number_of(held) == 1, "who holds an entry holds its number");
    }
};

TEST(PidRaces, R1_AcquireAgainstTheLastRelease) {
    expect_found<HoldsADeadEntry>("who holds an entry holds its number", kSequential);
    expect_holds("acquire against last release");
    expect_holds("two acquire against last release");
}

struct HoldsAStrangersEntry : Buckets<> {
    u32 threads() const override { return 3; }
    void run(u32 thread) override {
        if (thread == 0) return table.drop(first);
        if (thread == 2) {
            table.allocate(kSlot);
            return;
        }
        Entry* const held = table.add(1);
        if (held == nullptr) return;
        const u32 number = number_of(held);
        check(number == 1 || number == BucketTable<1>::kTombstone, "nobody joins a stranger");
    }
};

TEST(PidRaces, R1b_AcquireAgainstReuse) {
    expect_found<HoldsAStrangersEntry>("nobody joins a stranger", kSequential);
    expect_holds("acquire against reuse of the cell");
}

// --- R2: a number is visible before it is counted. ---

struct FreeBeforeItIsCounted : Buckets<> {
    void run(u32 thread) override {
        if (thread == 0) {
            Entry* const mine = table.allocate(kSlot);
            check(number_of(mine) == 2, "a number just allocated is held");
        } else if (Entry* const held = table.add(2); held != nullptr) {
            table.drop(held);
        }
    }
};

TEST(PidRaces, R2_VisibleBeforeCounted) {
    expect_found<FreeBeforeItIsCounted>("a number just allocated is held", kSequential);
    expect_holds("allocate publishes to acquire");
    expect_holds("interrupts in allocate, and a thread");
}

// --- R3: nothing ties the check that a number is free to its insertion. ---

struct Twins : Buckets<> {
    Twins() : Buckets(3) { table.drop(first); }
    void run(u32 thread) override {
        for (u32 i = 0; i < (thread == 0 ? 1 : 2); ++i) table.allocate(kSlot);
    }
    void finish() override {
        for (u32 number = 1; number <= 3; ++number) {
            check(table.entries_of(number) <= 1, "a number has one entry");
        }
    }
};
/// As above with a wrap: 1 is drawn again while its first drawer has not yet inserted it.
struct TwinsAfterWrap : Twins {
    void run(u32 thread) override {
        for (u32 i = 0; i < (thread == 0 ? 1 : 3); ++i) {
            Entry* const mine = table.allocate(kSlot);
            if (i == 1) table.drop(mine);
        }
    }
};

TEST(PidRaces, R3_TwoEntriesOfOneNumber) {
    expect_found<TwinsAfterWrap>("a number has one entry", kSequential);
    expect_holds("two claim one cell");
    expect_holds("two allocate in one block");
    expect_holds("wrap torture");
}

// --- R4: the index is not ordered with the number. ---

struct StaleIndex : Buckets<> {
    void run(u32 thread) override {
        if (thread == 0) {
            table.allocate(kSlot);
            process_number_.store(2, std::memory_order_relaxed);
        } else if (process_number_.load(std::memory_order_relaxed) == 2) {
            Entry* const entry = table.lookup(2);
            if (entry == nullptr) return;  // another weakness
            check(entry->index.load(std::memory_order_relaxed) == kSlot, "who lives is found");
        }
    }

private:
    Atomic<u32> process_number_{0};
};

TEST(PidRaces, R4_ALiveNumberWithAStaleIndex) {
    expect_none<StaleIndex>(kSequential);
    expect_found<StaleIndex>("who lives is found");
    expect_holds("allocate publishes to lookup");
    expect_holds("bind publishes to lookup");
}

// --- R5, R6, R8, R9: races of callers, who keep numbers instead of references. ---

/// A note group as the kernel's processes have it: a handle under a lock.
class Group {
public:
    explicit Group(Table::Ref number) : number_(std::move(number)) {}

    /// Puts `fresh` in the place of the old number, and gives that back.
    [[nodiscard]] Table::Ref exchange(Table::Ref fresh) {
        lock();
        Table::Ref old = std::move(number_);
        number_ = std::move(fresh);
        unlock();
        return old;
    }
    Table::Ref dup() {
        lock();
        Table::Ref copy = number_.dup();
        unlock();
        return copy;
    }
    u32 number() const { return number_.number(); }

private:
    void lock() {
        while (held_.exchange(1, std::memory_order_acquire) != 0) {
        }
    }
    void unlock() { held_.store(0, std::memory_order_release); }

    Atomic<u32> held_{0};
    Table::Ref number_;  // protected by held_
};

/// Two numbers for groups, a third one to spare; each held by setup too, so that a count that goes
/// wrong shows.
struct Groups : Program {
    Groups()
        : memory{},
          table(memory.options(6)),
          old(table.allocate(0, Nanos{}).value()),
          left(table.allocate(0, Nanos{}).value()),
          right(table.allocate(0, Nanos{}).value()),
          group(old.dup()) {}
    u32 threads() const override { return 2; }

    Memory<3> memory;
    Table table;
    Table::Ref old;
    Table::Ref left;
    Table::Ref right;
    Group group;
};

struct BucketDoubleRelease : Buckets<> {
    BucketDoubleRelease() { table.add(1); }  // another member
    void run(u32) override {
        // rfork(RFNOTEG) and a write to /proc/n/noteid, of the same process.
        Entry* const old = table.lookup(noteid_.load(std::memory_order_relaxed));
        noteid_.store(number_of(table.allocate(kSlot)), std::memory_order_relaxed);
        if (old != nullptr) table.drop(old);
    }
    void finish() override { check(table.lookup(1) != nullptr, "a member's number stays"); }

private:
    Atomic<u32> noteid_{1};
};
struct HandlesAreReleasedOnce : Groups {
    void run(u32 thread) override {
        const Table::Ref before = group.exchange((thread == 0 ? left : right).dup());
    }
    void finish() override {
        const bool is_left = group.number() == left.number();
        check(table.references(old.number()) == 1, "a member's number stays");
        check(table.references(left.number()) == (is_left ? 2u : 1u), "each counted once");
        check(table.references(right.number()) == (is_left ? 1u : 2u), "each counted once");
    }
};

TEST(PidRaces, R5_TwoChangeOneNoteGroup) {
    expect_found<BucketDoubleRelease>("a member's number stays", kSequential);
    expect_none<HandlesAreReleasedOnce>();
}

struct BucketForkUncounted : Buckets<> {
    void run(u32 thread) override {
        if (thread == 0) {
            // rfork: copies first, counts later.
            const u32 child = noteid_.load(std::memory_order_relaxed);
            Entry* const counted = table.add(child);
            check(counted != nullptr, "a child's number is counted");
        } else {
            noteid_.store(2, std::memory_order_relaxed);
            table.drop(first);
        }
    }

private:
    Atomic<u32> noteid_{1};
};
struct HandlesAreCountedAtOnce : Groups {
    void run(u32 thread) override {
        if (thread == 0) {
            const Table::Ref child = group.dup();
            check(child && table.references(child.number()) != 0, "a child's number is counted");
        } else {
            const Table::Ref before = group.exchange(left.dup());
            old.reset();
        }
    }
};

TEST(PidRaces, R6_ForkAgainstAChangeOfTheNoteGroup) {
    expect_found<BucketForkUncounted>("a child's number is counted", kSequential);
    expect_none<HandlesAreCountedAtOnce>();
}

// --- R7: the last drop and the end of the number are two steps. ---

struct LiveWithoutReferences : Buckets<> {
    void run(u32 thread) override {
        if (thread == 0) return table.drop(first);
        Entry* const entry = table.lookup(1);
        if (entry == nullptr) return;
        const u32 references = entry->references.load(std::memory_order_relaxed);
        check(references != 0 || number_of(entry) != 1, "what is there is counted");
    }
};

TEST(PidRaces, R7_ANumberWithoutReferences) {
    expect_found<LiveWithoutReferences>("what is there is counted", kSequential);
    expect_holds("interrupts in exit");
    expect_holds("exit against dup, release and acquire");
}

// R8: a check of whose group it is, then a join by number.
struct BucketJoinsAnother : Buckets<> {
    BucketJoinsAnother() : Buckets(1) {}
    u32 threads() const override { return 3; }
    void run(u32 thread) override {
        if (thread == 0) {
            owner_.store(0, std::memory_order_relaxed);
            table.drop(first);
        } else if (thread == 1) {
            if (owner_.load(std::memory_order_relaxed) != 1) return;  // not ours to join
            if (table.add(1) == nullptr) return;
            check(owner_.load(std::memory_order_relaxed) != 2, "who was checked is who is joined");
        } else if (owner_.load(std::memory_order_relaxed) == 0 && table.lookup(1) == nullptr) {
            owner_.store(2, std::memory_order_relaxed);
            table.allocate(kSlot);
        }
    }

private:
    Atomic<u32> owner_{1};
};

TEST(PidRaces, R8_CheckOneAndJoinAnother) {
    Bounds bounds = kSequential;
    bounds.max_steps = 300;
    expect_found<BucketJoinsAnother>("who was checked is who is joined", bounds);
    // A number that was checked is joined or gone: it is nobody else's for a long time.
    expect_holds("acquire against reuse of the cell");
    expect_holds("no number is reused at once");
}

// R9: "I am the only one, so I keep the number", while another one joins.
struct BucketCompanion : Buckets<> {
    void run(u32 thread) override {
        if (thread == 0) {
            alone_ = first->references.load(std::memory_order_relaxed) == 1;
        } else {
            joined_ = table.add(1) != nullptr;
        }
    }
    void finish() override { check(!(alone_ && joined_), "who is alone stays alone"); }

private:
    bool alone_ = false;
    bool joined_ = false;
};
/// Who leaves takes a number of his own, whoever else is there: then nobody joins by accident.
struct HandlesLeave : Groups {
    void run(u32 thread) override {
        if (thread == 0) {
            const Table::Ref before = group.exchange(left.dup());
        } else {
            joined_ = table.acquire(old.number()).number();
        }
    }
    void finish() override {
        check(group.number() == left.number(), "who left is in his own group");
        check(joined_ != group.number(), "who is alone stays alone");
    }

private:
    u32 joined_ = 0;
};

TEST(PidRaces, R9_AloneButForWhoIsJoining) {
    expect_found<BucketCompanion>("who is alone stays alone", kSequential);
    expect_none<HandlesLeave>();
}

// --- R10 to R13: cost and capacity. ---

/// How many steps `P` takes, which has one thread.
template <class P>
u64 steps_of() {
    const Report report = explore<P>(kSequential);
    EXPECT_TRUE(report.ok()) << report.failure;
    return report.steps;
}

struct BucketMissAfterChurn : Buckets<> {
    BucketMissAfterChurn() : Buckets(31) {
        std::array<Entry*, 15> more{};
        for (Entry*& entry : more) entry = table.allocate(kSlot);
        for (Entry* const entry : more) table.drop(entry);
    }
    u32 threads() const override { return 1; }
    void run(u32) override { check(table.lookup(31) == nullptr, "nobody has it"); }
};
struct CellMissAfterChurn : World {
    CellMissAfterChurn() {
        hold_all();
        for (u32 i = 1; i < kCells; ++i) cells_.release(i, 1);
    }
    u32 threads() const override { return 1; }
    void run(u32) override { check(!cells_.lookup(next_of(4)), "nobody has it"); }
    void finish() override {}
};

TEST(PidRaces, R10_TombstonesMakeEachMissScanABucket) {
    EXPECT_EQ(steps_of<BucketMissAfterChurn>(), 16u);
    EXPECT_EQ(steps_of<CellMissAfterChurn>(), 2u);
}

struct BucketFull : Buckets<> {
    BucketFull() : Buckets(31) {
        for (u32 i = 1; i < 16; ++i) table.allocate(kSlot);
    }
    u32 threads() const override { return 1; }
    void run(u32) override { table.allocate(kSlot); }
};

TEST(PidRaces, R11_AFullTableIsAnEndlessSearch) {
    expect_found<BucketFull>("no end", kSequential);
    expect_holds("full table");
    expect_holds("cell 0 is nobody's");
}

TEST(PidRaces, R12_CapacityLeavesRoom) {
    // Three numbers a process are legal: there, all but one of the entries can be taken.
    EXPECT_EQ(BucketTable<1>::capacity_for(1365) - 3 * 1365, 1u);
    // Here a quarter is free when every process that the kernel allows has three; and it allows
    // nearly as many as memory has room for.
    using kernel::pid::PidSize;
    for (u64 bytes = u64{1} << 22; bytes <= u64{16} << 30; bytes += bytes / 3) {
        const PidSize size = PidSize::for_memory(bytes);
        EXPECT_LE(u64{3} * size.processes(), size.cells() - size.cells() / 4) << bytes;
        EXPECT_GE(size.processes(), bytes / (16 * 1024) / 4 * 3 - 1) << bytes;
    }
}

/// procindex(): the entry, its index, and the process, which tells whether the index was stale.
struct BucketHit : Buckets<> {
    u32 threads() const override { return 1; }
    void run(u32) override {
        Entry* const entry = table.lookup(1);
        check(entry->index.load(std::memory_order_relaxed) == kSlot, "it lives");
        check(process_number_.load(std::memory_order_relaxed) == 1, "the index is not stale");
    }

private:
    Atomic<u32> process_number_{1};
};
struct CellHit : World {
    CellHit() {
        hold_all();
        cells_.bind(4, kSlot);
    }
    u32 threads() const override { return 1; }
    void run(u32) override { check(cells_.lookup(4) == SlotHint{kSlot}, "it lives"); }
};

TEST(PidRaces, R13_ALookupNeedsTheProcessToBeSure) {
    EXPECT_EQ(steps_of<BucketHit>(), 3u);
    // How far the table is filled, and the cell.
    EXPECT_EQ(steps_of<CellHit>(), 2u);
}

// --- R14: a number comes back at once. ---

struct BucketReusedAtOnce : Buckets<> {
    BucketReusedAtOnce() : Buckets(3) {}
    u32 threads() const override { return 1; }
    void run(u32) override {
        table.allocate(kSlot);
        table.allocate(kSlot);
        table.drop(first);
        check(number_of(table.allocate(kSlot)) != 1, "a number rests before it comes again");
    }
};

TEST(PidRaces, R14_ANumberComesBackAtOnce) {
    expect_found<BucketReusedAtOnce>("a number rests before it comes again", kSequential);
    expect_holds("no number is reused at once");
    expect_holds("laps and stamps");
}

// --- R15: plain accesses, and -1. ---

struct PlainEntry : Program {
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 0) {
            number_.set(1);
        } else {
            check(number_.get() <= 1, "a number or none");
        }
    }

private:
    Var<u32> number_;
};
struct BucketMinusOne : Buckets<> {
    u32 threads() const override { return 1; }
    void run(u32) override {
        table.drop(first);
        check(table.lookup(~u32{0}) == nullptr, "-1 is nobody");
    }
};
TEST(PidRaces, R15_PlainAccessesAndMinusOne) {
    expect_found<PlainEntry>("data race");
    expect_found<BucketMinusOne>("-1 is nobody");
    expect_holds("what is no number is nobody's");
}

}  // namespace
}  // namespace model::pid
