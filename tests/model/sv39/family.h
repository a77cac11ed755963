// Family: spaces that share page tables, each on a hart of its own, with an account of what each
// must see.
#pragma once

#include <array>
#include <optional>

#include "arch/riscv64/sv39/user_tables.h"
#include "base/late.h"
#include "tests/model/explore.h"
#include "tests/model/program.h"

namespace model::sv39 {

using arch::riscv64::sv39::Attempt;
using arch::riscv64::sv39::BasicTable;
using arch::riscv64::sv39::BasicUserTables;
using arch::riscv64::sv39::kLevels;
using arch::riscv64::sv39::Pte;
using kernel::PhysAddr;
using kernel::Result;
using kernel::VirtAddr;
using kernel::machine::BasicPageRecord;

inline constexpr unsigned kIndexBits = 1;
/// A root entry, two middle tables, two bottom tables: four pages.
inline constexpr u32 kPages = 4;
inline constexpr u32 kSpaces = 3;
inline constexpr u32 kFrames = 48;

inline constexpr VirtAddr page_at(u32 page) { return {u64{page} * kernel::kPageSize}; }

/// A page: a table, or a word; gone when it was given back, which nobody may overlook. The space
/// that gives it back writes where others have read, so that who is not ordered before is found.
struct Frame {
    BasicTable<Atomic<u64>, kIndexBits> table;
    BasicPageRecord<Atomic<u32>> record;
    Var<u32> word{0};
    Var<u32> gone{0};
    bool taken = false;  // its taker's, and finish()'s
};

/// Frames; each space takes from a part of its own, so that taking orders nothing. None is used
/// twice.
class Memory {
public:
    PhysAddr take(u32 space) {
        const u32 number = space * (kFrames / kSpaces) + next_[space]++;
        check(next_[space] <= kFrames / kSpaces, "there are frames enough");
        frames_[number].taken = true;
        return {u64{number + 1} << kernel::kPageShift};
    }
    Frame& frame(PhysAddr page) {
        Frame& frame = frames_[page.frame() - 1];
        check(frame.gone.get() == 0, "F5: what is used has not been given back");
        return frame;
    }
    void give(PhysAddr page) {
        Frame& frame = frames_[page.frame() - 1];
        check(frame.gone.get() == 0, "F5: a page is given back once");
        frame.gone.set(1);
    }
    /// Frames that a space has taken so far.
    u32 taken(u32 space) const { return next_[space]; }
    /// Frames that were taken and are not back; of those that are, a table is empty.
    u32 held() const;

private:
    std::array<Frame, kFrames> frames_;
    std::array<u32, kSpaces> next_{};
};

/// What a space reaches memory by, and its hart.
class Machine {
public:
    template <class T>
    using Atomic = model::Atomic<T>;
    static constexpr unsigned kIndexBits = sv39::kIndexBits;

    Machine(Memory& memory, u32 space) : memory_(memory), space_(space) {}

    Result<PhysAddr> take_table() { return take(); }
    void give_table(PhysAddr page) { memory_.give(page); }
    Result<PhysAddr> take_page() { return take(); }
    void give_page(PhysAddr page) { memory_.give(page); }
    void copy_page(PhysAddr to, PhysAddr from) {
        memory_.frame(to).word.set(memory_.frame(from).word.get());
    }
    auto& table(PhysAddr page) { return memory_.frame(page).table; }
    auto& record(PhysAddr page) { return memory_.frame(page).record; }
    /// Interrupts the space's other hart, if it has one: returns when that has ended what it began.
    void flush();

    /// What another hart of the space does: one load, by a walk.
    bool load_elsewhere(PhysAddr root, u32 page, u32& word);

    /// Loads or stores as the hart does, by a translation it knows if it likes; whether it may.
    bool load(PhysAddr root, u32 page, u32& word);
    bool store(PhysAddr root, u32 page, u32 word);
    void forget(u32 page) { known_[page] = {}; }

    /// Whether, until the next call, one table or page that is asked for may not be there: each in
    /// turn.
    void run_short(bool may) { short_ = may; }

private:
    Result<PhysAddr> take();
    std::optional<Pte> walk(PhysAddr root, u32 page, Attempt attempt);
    std::optional<Pte> translate(PhysAddr root, u32 page, Attempt attempt);

    Memory& memory_;
    const u32 space_;
    std::array<std::optional<Pte>, kPages> known_;
    bool short_ = false;
    model::Atomic<u32> elsewhere_{0};  // whether the other hart is between two interrupts
};

/// Two or three spaces. The first is made with `mapped` pages, page p holding the word p + 1.
class Family : public Program {
public:
    using Tables = BasicUserTables<Machine>;

    explicit Family(u32 mapped);
    /// Every space that is left is taken down, in the order of their numbers: nothing may be left.
    void finish() override;

protected:
    /// As a program does it, with the faults that it takes.
    void read(u32 space, u32 page);
    void write(u32 space, u32 page, u32 word);
    /// The fault of a write, and no more.
    void own(u32 space, u32 page);
    void fork(u32 from, u32 into);
    /// Maps a page that holds `word` where none is.
    void map(u32 space, u32 page, u32 word);
    /// Unmaps the pages from `first` up to `end`.
    void clear(u32 space, u32 first, u32 end);
    void exit(u32 space);

    /// The same, but memory may run out once, anywhere in it. Then all is as it was before: the
    /// space sees what it saw, and either leaves it at that or tries again, with success.
    void write_short(u32 space, u32 page, u32 word);
    void map_short(u32 space, u32 page, u32 word);
    void clear_short(u32 space, u32 first, u32 end);
    /// Looks at every page of a space, in finish().
    void check_all(u32 space);
    /// A load by another hart of the space; nothing if it would fault.
    std::optional<u32> read_elsewhere(u32 space, u32 page);

private:
    bool try_to_own(u32 space, u32 page);
    bool try_to_write(u32 space, u32 page, u32 word);
    bool try_to_map(u32 space, u32 page, u32 word);
    bool try_to_clear(u32 space, u32 first, u32 end);
    /// Does `what` with little memory, and perhaps again with enough.
    template <class Try>
    void when_short(u32 space, Try&& what);

    struct Space {
        Space(Memory& memory, u32 number) : machine(memory, number), root(memory.take(number)) {
            tables.make(machine, root);
        }

        Machine machine;
        PhysAddr root;
        kernel::Late<Tables> tables;     // destroyed by nobody: executions are given up
        std::array<u32, kPages> seen{};  // the space's own; 0: not mapped
    };

    Memory memory_;
    std::array<Space, kSpaces> spaces_{Space(memory_, 0), Space(memory_, 1), Space(memory_, 2)};
};

}  // namespace model::sv39
