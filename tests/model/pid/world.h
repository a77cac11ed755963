// World: a small Pid hash on the explorer's atomics, with a ghost account of who holds what.
#pragma once

#include <bitset>
#include <initializer_list>

#include "pid/pid_table.h"
#include "tests/model/explore.h"

namespace model::pid {

using kernel::Error;
using kernel::Nanos;
using kernel::Result;
using kernel::pid::LivePid;
using kernel::pid::PidCounters;
using kernel::pid::PidOptions;
using kernel::pid::PidWord;
using kernel::pid::SlotHint;

/// The policy that puts the shipped header on the explorer's atomics. What the hash orders by
/// address is an acquire here.
struct ModelAtomics {
    template <class T>
    using Atomic = model::Atomic<T>;
    static constexpr std::memory_order kOrderByAddress = std::memory_order_acquire;
    static u64 zero_from(u64) { return 0; }
};

using Cells = kernel::pid::BasicPidCells<ModelAtomics>;
using Table = kernel::pid::BasicPidTable<ModelAtomics>;

/// Memory for 2^kCellBits cells, as junk as the last execution left it.
template <u32 kCellBits>
class Memory {
public:
    PidOptions options(u32 number_bits) {
        PidOptions options;
        options.size = {kCellBits};
        options.cells = cells_;
        options.hints = hints_;
        options.number_bits = number_bits;
        options.harts = 2;
        options.reuse_delay = Nanos{0};
        return options;
    }
    const Cells::Cell& cell(u32 index) const {
        return reinterpret_cast<const Cells::Cell*>(cells_.data())[index];
    }
    const Cells::HintWord& hints() const {
        return *reinterpret_cast<const Cells::HintWord*>(hints_.data());
    }

private:
    static constexpr u32 kCells = u32{1} << kCellBits;

    alignas(64) std::array<std::byte, kCells * sizeof(Cells::Cell)> cells_;
    alignas(64) std::array<std::byte, sizeof(Cells::HintWord)> hints_;
};

/// A table of 2^kCellBits cells, of 8 generations unless a scenario changes that. Setup gives out
/// all numbers of the first window, so each number is held once, and a scenario frees what it wants
/// free. Number `i` is that of cell `i`.
template <u32 kCellBits>
class WorldOf : public Program {
public:
    static constexpr u32 kCells = u32{1} << kCellBits;
    static constexpr u32 kFirstWindow = std::min<u32>(kCells, 512);

    /// How a table goes on: the next number of the same cell.
    static constexpr u32 next_of(u32 number) { return number + kCells; }

    std::string name_of(const void* atomic) const override;
    std::string show(const void* atomic, u64 value) const override;
    void begin() override;
    void watch() override;
    void finish() override;

protected:
    explicit WorldOf(PidOptions (*change)(PidOptions) = nullptr);

    /// Gives out every number of the first window, in order, held by nobody in particular.
    void hold_all() { hold(kFirstWindow); }
    /// The low numbers only, and the first that is not, so that the first window is taken.
    void hold_low() { hold(kernel::pid::kLowNumbers + 1); }
    /// Frees cells that hold_all() held; the checks watch them from now on.
    void free(std::initializer_list<u32> indices);
    /// Makes `hart` look at a window with all cells that are free now: so that its next allocation
    /// begins with a claim. Uses cell 1 + `hart` up for that.
    void warm(u32 hart);
    /// A hart of its own leaves a window that is full, and finds no other: the table is known as
    /// full, and hinted so. Uses cell 1 up for that.
    void find_all_held();
    /// Steps free cell `index`, the only one, until its last number was that of `generation`. On a
    /// hart of its own.
    void age(u32 index, u32 generation);
    /// Adds `cell` to those that are checked after each step.
    void watch_cell(u32 cell) { watched_[watched_count_++] = cell; }

    // What threads do, with the account kept. The thread is also the hart.
    Result<u32> allocate(u32 thread, std::optional<u32> slot = {}, u32 references = 1,
                         Nanos now = {});
    Result<u32> allocate_first(u32 thread);
    bool acquire(u32 thread, u32 number);
    void dup(u32 thread, u32 number);
    void release(u32 thread, u32 number, u32 count = 1);
    void exit(u32 thread, u32 number, u32 slot, u32 count = 1);
    /// From setup to a thread: references it holds from the beginning.
    void give(u32 thread, u32 number, u32 count = 1);

    /// A held number stays what it is.
    void check_held(u32 number);

    /// Laps of the cursor, of windows, since the threads began.
    u64 laps() const { return cells_.counters().wraps - before_.wraps; }

    Memory<kCellBits> memory_;
    const PidOptions options_;
    Cells cells_;
    /// False in scenarios that go around the account.
    bool accounted_ = true;

private:
    static constexpr u32 kSetup = kMaxThreads;
    static constexpr u32 kSetupHart = 7;  // nobody else's
    struct Held {
        u32 number;
        i32 count;
    };
    void hold(u32 end);
    void account(u32 who, u32 number, u32 count, bool minus = false);
    void check_step(u32 watched, PidWord before, PidWord now);
    PidWord newest(u32 index) const;

    /// Changes by each thread, and by setup; a thread writes its own row only.
    std::array<std::array<Held, 24>, kMaxThreads + 1> changes_;
    std::array<u32, kMaxThreads + 1> changes_count_{};
    std::array<u32, kMaxThreads> allocated_{};
    std::array<u32, kMaxThreads> refused_{};
    std::array<u32, kMaxThreads> turned_away_{};
    std::bitset<kCells> held_by_setup_;
    std::bitset<8> sitting_;  // harts that may have a window of before
    bool began_ = false;
    PidCounters before_;

    std::array<u32, 8> watched_{};
    u32 watched_count_ = 0;
    std::array<u64, 8> last_{};   // what was seen last of each
    std::array<u32, 8> steps_{};  // how often its generation was stepped
    std::array<u32, 8> most_{};   // how often it may be, and once per lap
};

/// Enough for most: three cells that harts are warmed with, and four more.
using World = WorldOf<3>;
using TinyWorld = WorldOf<2>;
/// With numbers that are not low, and more than one block.
using BlocksWorld = WorldOf<7>;
/// With two windows.
using BigWorld = WorldOf<10>;

extern template class WorldOf<2>;
extern template class WorldOf<3>;
extern template class WorldOf<7>;
extern template class WorldOf<10>;
extern template class WorldOf<11>;

}  // namespace model::pid
