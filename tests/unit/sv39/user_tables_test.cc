// UserTables: spaces that share tables see what a copy of everything would show, nothing is lost,
// and nothing is done that need not be.
#include "arch/riscv64/sv39/user_tables.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <vector>

namespace arch::riscv64::sv39 {
namespace {

/// Physical memory: pages that hold one word, or a table; each with a record.
template <unsigned IndexBits>
class Memory {
public:
    using Table = BasicTable<kernel::Atomic<u64>, IndexBits>;
    using Record = kernel::machine::BasicPageRecord<kernel::Atomic<u32>>;
    enum class Use : u8 { kFree, kTable, kPage };

    Result<PhysAddr> take(Use use) {
        if (budget_ == 0) return Error::kNoMemory;
        if (budget_ > 0) --budget_;
        if (free_.empty()) {
            free_.push_back(frames_.size());
            frames_.push_back(std::make_unique<Frame>());
        }
        const usize number = free_.back();
        free_.pop_back();
        Frame& frame = *frames_[number];
        EXPECT_EQ(frame.use, Use::kFree);
        frame.use = use;
        frame.record.references.store(1, std::memory_order_relaxed);
        frame.record.use.store(0, std::memory_order_relaxed);
        ++used_;
        return PhysAddr{(number + 1) << kernel::kPageShift};
    }
    void give(PhysAddr page, Use use) {
        Frame& frame = at(page);
        EXPECT_EQ(frame.use, use);
        for (auto& entry : frame.table.entries) {
            EXPECT_EQ(entry.load(std::memory_order_relaxed), 0u) << "a table goes back empty";
        }
        frame.use = Use::kFree;
        frame.word = 0xdead;
        free_.push_back(page.frame() - 1);
        --used_;
    }

    Table& table(PhysAddr page) {
        EXPECT_EQ(at(page).use, Use::kTable);
        return at(page).table;
    }
    Record& record(PhysAddr page) {
        EXPECT_NE(at(page).use, Use::kFree);
        return at(page).record;
    }
    u64& word(PhysAddr page) {
        EXPECT_EQ(at(page).use, Use::kPage);
        return at(page).word;
    }
    usize used() const { return used_; }
    /// After so many more pages there is none; -1: no end.
    void set_budget(i64 pages) { budget_ = pages; }

private:
    struct Frame {
        Table table{};
        Record record;
        u64 word = 0;
        Use use = Use::kFree;
    };
    Frame& at(PhysAddr page) { return *frames_.at(page.frame() - 1); }

    std::vector<std::unique_ptr<Frame>> frames_;
    std::vector<usize> free_;
    usize used_ = 0;
    i64 budget_ = -1;
};

/// What tables reach memory by; and two harts that run on them, and remember translations, and the
/// tables they walked through, until they are flushed.
template <unsigned IndexBits>
class Machine {
public:
    template <class T>
    using Atomic = kernel::Atomic<T>;
    static constexpr unsigned kIndexBits = IndexBits;
    using Physical = Memory<IndexBits>;
    using Use = typename Physical::Use;

    explicit Machine(Physical& memory) : memory_(memory) {}

    Result<PhysAddr> take_table() { return memory_.take(Use::kTable); }
    void give_table(PhysAddr page) { memory_.give(page, Use::kTable); }
    Result<PhysAddr> take_page() { return memory_.take(Use::kPage); }
    void give_page(PhysAddr page) { memory_.give(page, Use::kPage); }
    void copy_page(PhysAddr to, PhysAddr from) {
        ++copies_;
        memory_.word(to) = memory_.word(from);
    }
    auto& table(PhysAddr page) { return memory_.table(page); }
    auto& record(PhysAddr page) { return memory_.record(page); }
    void flush() {
        ++flushes_;
        harts_ = {};
    }

    /// The word that `at` leads to if the hart may `attempt` it: by what it knows, else by walking.
    u64* access(PhysAddr root, VirtAddr at, Attempt attempt) {
        Hart& hart = harts_[turn_ % harts_.size()];
        const auto known = hart.pages.find(at.value);
        if (known != hart.pages.end() && known->second.allows(attempt)) {
            return &memory_.word(known->second.target());
        }
        PhysAddr in = root;
        for (unsigned level = kLevels; level-- > 0;) {
            const u64 number = at.value >> (12 + IndexBits * level);
            if (level > 0 && hart.tables[level].contains(number)) {
                in = hart.tables[level][number];
                continue;
            }
            const usize index = number % (usize{1} << IndexBits);
            const Pte pte{memory_.table(in).entries[index].load(std::memory_order_relaxed)};
            if (!pte.valid()) return nullptr;
            if (pte.is_leaf()) {
                EXPECT_EQ(level, 0u);
                if (!pte.allows_program(attempt)) return nullptr;
                hart.pages[at.value] = pte;
                return &memory_.word(pte.target());
            }
            in = pte.target();
            hart.tables[level][number] = in;
        }
        return nullptr;
    }
    /// After a fault the hart fences what it knows about the place.
    void forget(VirtAddr at) {
        Hart& hart = harts_[turn_ % harts_.size()];
        hart.pages.erase(at.value);
        for (auto& tables : hart.tables) tables.clear();
    }
    /// From now on the other hart runs.
    void turn() { ++turn_; }

    usize flushes() const { return flushes_; }
    usize copies() const { return copies_; }

private:
    struct Hart {
        std::map<u64, Pte> pages;
        std::array<std::map<u64, PhysAddr>, kLevels> tables;
    };

    Physical& memory_;
    std::array<Hart, 2> harts_;
    usize turn_ = 0;
    usize flushes_ = 0;
    usize copies_ = 0;
};

/// An address space, and what must be seen in it.
template <unsigned IndexBits>
class Space {
public:
    using Hart = Machine<IndexBits>;
    using Tables = BasicUserTables<Hart>;
    using Use = typename Memory<IndexBits>::Use;

    explicit Space(Memory<IndexBits>& memory) : memory_(memory), hart_(memory) {
        made_.emplace(hart_, memory.take(Use::kTable).value());
    }
    ~Space() {
        const PhysAddr root = made_->root();
        made_->clear_all([] {});
        EXPECT_TRUE(made_->is_empty());
        made_.reset();
        memory_.give(root, Use::kTable);
    }

    Result<void> map(VirtAddr at, u64 word) {
        const PhysAddr page = TRY(memory_.take(Use::kPage));
        memory_.word(page) = word;
        const Result<void> mapped = made_->map(at, page, Access::kReadWrite, true);
        if (!mapped.ok()) {
            memory_.give(page, Use::kPage);
            return mapped.error();
        }
        seen_[at.value] = word;
        return {};
    }
    /// As a program reads: the hart, else a fault that reaches the page and tries again.
    void check(VirtAddr at) {
        u64* word = hart_.access(made_->root(), at, Attempt::kLoad);
        if (word == nullptr) {
            const Pte pte = made_->reach(at);
            hart_.forget(at);
            word = hart_.access(made_->root(), at, Attempt::kLoad);
            const bool hidden = pte.is_leaf() && pte.is_hidden();
            if (hidden) {
                word = &memory_.word(pte.target());  // the kernel sees it all the same
            } else {
                ASSERT_EQ(pte.is_leaf(), word != nullptr);
            }
        }
        const auto expected = seen_.find(at.value);
        ASSERT_EQ(word != nullptr, expected != seen_.end()) << at.value;
        if (word != nullptr) {
            ASSERT_EQ(*word, expected->second) << at.value;
        }
    }
    Result<void> write(VirtAddr at, u64 value) {
        u64* word = hart_.access(made_->root(), at, Attempt::kStore);
        if (word == nullptr) {
            TRY(made_->make_writable(at, Tables::Write::kCopied));
            hart_.forget(at);
            word = hart_.access(made_->root(), at, Attempt::kStore);
            if (word == nullptr) {
                EXPECT_TRUE(made_->reach(at).is_hidden());
                TRY(made_->show(at));
                hart_.forget(at);
                word = hart_.access(made_->root(), at, Attempt::kStore);
            }
        }
        EXPECT_NE(word, nullptr);
        *word = value;
        seen_[at.value] = value;
        return {};
    }
    void check_all() {
        for (const auto& [at, word] : seen_) check({at});
    }
    Result<void> clear(VirtAddr begin, VirtAddr end) {
        TRY(made_->clear(begin, end));
        seen_.erase(seen_.lower_bound(begin.value), seen_.lower_bound(end.value));
        return {};
    }
    /// On success no hart of this space reaches what is mapped there.
    Result<void> hide(VirtAddr begin, VirtAddr end) {
        TRY(made_->hide(begin, end));
        for (auto seen = seen_.lower_bound(begin.value); seen != seen_.lower_bound(end.value);
             ++seen) {
            for (const Attempt attempt : {Attempt::kLoad, Attempt::kStore}) {
                EXPECT_EQ(hart_.access(made_->root(), {seen->first}, attempt), nullptr);
            }
            EXPECT_TRUE(made_->reach({seen->first}).is_hidden());
            hart_.forget({seen->first});
            EXPECT_EQ(hart_.access(made_->root(), {seen->first}, Attempt::kLoad), nullptr);
        }
        return {};
    }
    void fork_into(Space& child) {
        made_->fork_into(*child.made_);
        child.seen_ = seen_;
    }

    bool has(VirtAddr at) const { return seen_.contains(at.value); }
    const std::map<u64, u64>& seen() const { return seen_; }
    Tables& tables() { return *made_; }
    Hart& hart() { return hart_; }

private:
    Memory<IndexBits>& memory_;
    Hart hart_;
    std::optional<Tables> made_;
    std::map<u64, u64> seen_;
};

using RealMemory = Memory<9>;
using RealSpace = Space<9>;

constexpr VirtAddr kText{0x10000};
constexpr VirtAddr kStack{RealSpace::Tables::kUserEnd - kPageSize};

TEST(UserTables, AForkSeesWhatItsParentSawAndWritesToCopies) {
    RealMemory memory;
    {
        RealSpace parent(memory);
        ASSERT_TRUE(parent.map(kText, 1).ok());
        ASSERT_TRUE(parent.map(kStack, 2).ok());
        RealSpace child(memory);
        parent.fork_into(child);
        child.check_all();
        ASSERT_TRUE(parent.write(kText, 10).ok());
        ASSERT_TRUE(child.write(kStack, 20).ok());
        parent.check_all();
        child.check_all();
        EXPECT_EQ(parent.hart().copies(), 1u);
        EXPECT_EQ(child.hart().copies(), 1u);
        // Each has one page that nobody else has any more.
        ASSERT_TRUE(parent.write(kStack, 11).ok());
        ASSERT_TRUE(child.write(kText, 21).ok());
        EXPECT_EQ(parent.hart().copies(), 1u);
        EXPECT_EQ(child.hart().copies(), 1u);
        parent.check_all();
        child.check_all();
    }
    EXPECT_EQ(memory.used(), 0u);
}

TEST(UserTables, AForkCostsTheSameWhateverIsMapped) {
    RealMemory memory;
    RealSpace parent(memory);
    for (u64 page = 0; page < 2000; ++page) {
        ASSERT_TRUE(parent.map(kText + page * kPageSize, page).ok());
    }
    const usize before = memory.used();
    RealSpace child(memory);
    parent.fork_into(child);
    EXPECT_EQ(memory.used(), before + 1) << "the child's root";
    EXPECT_EQ(parent.hart().flushes(), 1u);
    // A touch makes one table a level.
    child.check(kText);
    EXPECT_EQ(memory.used(), before + 1);
    ASSERT_TRUE(child.write(kText, 5).ok());
    EXPECT_EQ(memory.used(), before + 4) << "two tables and a page";
}

TEST(UserTables, WhatWasNotWrittenSinceTheLastForkIsSharedWithoutAFlush) {
    RealMemory memory;
    RealSpace parent(memory);
    ASSERT_TRUE(parent.map(kText, 1).ok());
    {
        RealSpace first(memory);
        parent.fork_into(first);
        parent.check(kText);  // frozen, and valid again
    }
    const usize flushes = parent.hart().flushes();
    RealSpace second(memory);
    parent.fork_into(second);
    EXPECT_EQ(parent.hart().flushes(), flushes);
    EXPECT_NE(second.hart().access(second.tables().root(), kText, Attempt::kLoad), nullptr)
        << "without a fault";
    ASSERT_TRUE(parent.write(kText, 2).ok());
    second.check_all();
}

TEST(UserTables, FreezingAgainLeavesWhatIsFrozenWithinReach) {
    RealMemory memory;
    RealSpace parent(memory);
    const VirtAddr elsewhere = kText + (kPageSize << 9);
    ASSERT_TRUE(parent.map(kText, 1).ok());
    ASSERT_TRUE(parent.map(elsewhere, 2).ok());
    RealSpace first(memory);
    parent.fork_into(first);
    parent.check_all();
    ASSERT_TRUE(parent.write(elsewhere, 3).ok());  // the middle table is the parent's own again
    RealSpace second(memory);
    parent.fork_into(second);
    parent.check(elsewhere);
    EXPECT_NE(parent.hart().access(parent.tables().root(), kText, Attempt::kLoad), nullptr);
    first.check_all();
    second.check_all();
}

TEST(UserTables, WhoIsLeftAloneWritesInPlace) {
    RealMemory memory;
    RealSpace parent(memory);
    ASSERT_TRUE(parent.map(kText, 1).ok());
    {
        RealSpace child(memory);
        parent.fork_into(child);
        child.check_all();
    }
    const usize before = memory.used();
    ASSERT_TRUE(parent.write(kText, 2).ok());
    EXPECT_EQ(memory.used(), before);
    EXPECT_EQ(parent.hart().copies(), 0u);
}

TEST(UserTables, ASharedPageIsWrittenByBoth) {
    RealMemory memory;
    RealSpace parent(memory);
    ASSERT_TRUE(parent.map(kText, 1).ok());
    RealSpace child(memory);
    parent.fork_into(child);
    for (RealSpace* space : {&parent, &child}) {
        ASSERT_TRUE(space->tables().make_writable(kText, RealSpace::Tables::Write::kShared).ok());
    }
    *parent.hart().access(parent.tables().root(), kText, Attempt::kStore) = 7;
    EXPECT_EQ(*child.hart().access(child.tables().root(), kText, Attempt::kStore), 7u);
}

TEST(UserTables, APageThatIsNotCountedIsCopiedAndNeverGivenBack) {
    RealMemory memory;
    const PhysAddr archive = memory.take(RealMemory::Use::kPage).value();
    memory.word(archive) = 42;
    {
        RealSpace space(memory);
        ASSERT_TRUE(space.tables().map(kText, archive, Access::kRead, false).ok());
        RealSpace child(memory);
        space.fork_into(child);
        ASSERT_TRUE(child.tables().make_writable(kText, RealSpace::Tables::Write::kCopied).ok());
        *child.hart().access(child.tables().root(), kText, Attempt::kStore) = 43;
        (void)space.tables().reach(kText);
        EXPECT_EQ(*space.hart().access(space.tables().root(), kText, Attempt::kLoad), 42u);
    }
    EXPECT_EQ(memory.used(), 1u);
    EXPECT_EQ(memory.word(archive), 42u);
}

TEST(UserTables, WhatIsHiddenStaysSoWhenItIsWrittenOrForked) {
    RealMemory memory;
    {
        RealSpace parent(memory);
        const VirtAddr next = kText + kPageSize;
        ASSERT_TRUE(parent.map(kText, 1).ok());
        ASSERT_TRUE(parent.map(next, 2).ok());
        const PhysAddr code = memory.take(RealMemory::Use::kPage).value();
        ASSERT_TRUE(parent.tables().map(kStack, code, Access::kReadExecute, true, true).ok());
        ASSERT_TRUE(parent.hide(kText, next).ok());
        RealSpace child(memory);
        parent.fork_into(child);
        ASSERT_TRUE(child.tables().make_writable(kText, RealSpace::Tables::Write::kCopied).ok());
        for (RealSpace* space : {&parent, &child}) {
            EXPECT_TRUE(space->tables().reach(kText).is_hidden());
            EXPECT_FALSE(space->tables().reach(next).is_hidden());
            const Pte text = space->tables().reach(kStack);
            EXPECT_TRUE(text.is_leaf());
            EXPECT_TRUE(text.allows_program(Attempt::kExecute));
            EXPECT_FALSE(text.allows_program(Attempt::kLoad));
        }
        ASSERT_TRUE(child.tables().show(kText).ok());
        EXPECT_TRUE(parent.tables().reach(kText).is_hidden());
        child.check_all();
        parent.check_all();
        // Nothing more is hidden where nothing is.
        ASSERT_TRUE(parent.hide({0}, {RealSpace::Tables::kUserEnd}).ok());
    }
    EXPECT_EQ(memory.used(), 0u);
}

TEST(UserTables, RangesGoAndTheRestStays) {
    RealMemory memory;
    RealSpace space(memory);
    constexpr u64 kMega = kPageSize << 9;
    for (u64 page = 0; page < 3 * 512; ++page) {
        ASSERT_TRUE(space.map({kMega + page * kPageSize}, page).ok());
    }
    RealSpace child(memory);
    space.fork_into(child);
    // Part of the first table, all of the second, part of the third.
    ASSERT_TRUE(child.clear({kMega + 100 * kPageSize}, {3 * kMega + 5 * kPageSize}).ok());
    EXPECT_EQ(child.seen().size(), 100u + 507u);
    for (u64 page = 0; page < 3 * 512; ++page) {
        child.check({kMega + page * kPageSize});
        space.check({kMega + page * kPageSize});
    }
    ASSERT_TRUE(child.clear({0}, {RealSpace::Tables::kUserEnd}).ok());
    space.check_all();
}

TEST(UserTables, LongWorkPauses) {
    RealMemory memory;
    RealMemory& m = memory;
    Machine<9> hart(m);
    const PhysAddr root = m.take(RealMemory::Use::kTable).value();
    BasicUserTables<Machine<9>> tables(hart, root);
    for (u64 at = 0; at < 40; ++at) {
        ASSERT_TRUE(tables
                        .map({at * (kPageSize << 9)}, m.take(RealMemory::Use::kPage).value(),
                             Access::kRead, true)
                        .ok());
    }
    u32 pauses = 0;
    tables.clear_all([&] { ++pauses; });
    EXPECT_EQ(pauses, 40u);
    EXPECT_TRUE(tables.is_empty());
    EXPECT_EQ(m.used(), 1u);
}

/// Families of spaces do anything, with small tables so that all levels matter; memory runs out at
/// random.
class UserTablesRandomly : public testing::TestWithParam<u32> {};

TEST_P(UserTablesRandomly, EverybodySeesWhatCopiesWouldShow) {
    constexpr unsigned kBits = 2;
    using Family = std::vector<std::unique_ptr<Space<kBits>>>;
    std::mt19937 random(GetParam());
    Memory<kBits> memory;
    {
        Family family;
        family.push_back(std::make_unique<Space<kBits>>(memory));
        constexpr u64 kPages = Space<kBits>::Tables::kUserEnd / kPageSize;
        static_assert(kPages == 32);
        u64 next_word = 1;
        for (int step = 0; step < 3000; ++step) {
            Space<kBits>& space = *family[random() % family.size()];
            const VirtAddr at{random() % kPages * kPageSize};
            const u32 what = random() % 100;
            memory.set_budget(random() % 4 == 0 ? random() % 3 : -1);
            if (random() % 2 == 0) space.hart().turn();
            if (what < 20) {
                if (!space.has(at)) (void)space.map(at, next_word++);
            } else if (what < 50) {
                if (space.has(at)) (void)space.write(at, next_word++);
            } else if (what < 80) {
                space.check(at);
            } else if (what < 88 && family.size() < 6) {
                memory.set_budget(-1);
                family.push_back(std::make_unique<Space<kBits>>(memory));
                space.fork_into(*family.back());
            } else if (what < 93 && family.size() > 1) {
                std::swap(family[random() % family.size()], family.back());
                family.pop_back();
            } else if (what < 97) {
                const VirtAddr end{at.value +
                                   random() % (kPages - at.value / kPageSize + 1) * kPageSize};
                if (!space.clear(at, end).ok()) {
                    memory.set_budget(-1);
                    space.check_all();
                    ASSERT_TRUE(space.clear(at, end).ok());
                }
            } else if (what < 98) {
                const VirtAddr end{at.value +
                                   random() % 5 % (kPages - at.value / kPageSize + 1) * kPageSize};
                (void)space.hide(at, end);
            } else {
                memory.set_budget(-1);
                for (auto& each : family) each->check_all();
            }
            if (HasFatalFailure()) return;
        }
        for (auto& each : family) each->check_all();
    }
    EXPECT_EQ(memory.used(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, UserTablesRandomly, testing::Range(0u, 40u));

}  // namespace
}  // namespace arch::riscv64::sv39
