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
        options.busy = busy_;
        options.number_bits = number_bits;
        options.harts = 2;
        options.reuse_delay = Nanos{0};
        return options;
    }
    const Cells::Cell& cell(u32 index) const {
        return reinterpret_cast<const Cells::Cell*>(cells_.data())[index];
    }
    const Cells::BusyWord& busy(u32 word) const {
        return reinterpret_cast<const Cells::BusyWord*>(busy_.data())[word];
    }

private:
    static constexpr u32 kCells = u32{1} << kCellBits;

    alignas(64) std::array<std::byte, kCells * sizeof(Cells::Cell)> cells_;
    alignas(64) std::array<std::byte, (kCells / 64 + 1) * sizeof(Cells::BusyWord)> busy_;
};

/// A table of 2^kCellBits cells. Setup gives out all numbers of the first window, so each number is
/// held once, and a scenario frees what it wants free. Number `i` is that of cell `i`.
template <u32 kCellBits>
class WorldOf : public Program {
public:
    static constexpr u32 kCells = u32{1} << kCellBits;
    static constexpr u32 kFirstWindow = std::min<u32>(kCells, 512);

    /// How a table of 64 cells of 9-bit numbers goes on: the next number of the same cell.
    static constexpr u32 next_of(u32 number) { return number + kCells; }

    std::string name_of(const void* atomic) const override;
    std::string show(const void* atomic, u64 value) const override;
    void watch() override;
    void finish() override;

protected:
    explicit WorldOf(PidOptions (*change)(PidOptions) = nullptr);

    /// Gives out every number of the first window, in order, held by nobody in particular.
    void hold_all();
    /// Frees cells that hold_all() held; the checks watch them from now on.
    void free(std::initializer_list<u32> indices);
    /// Makes `hart` look at a window with all cells that are free now: so that its next allocation
    /// begins with a claim.
    void warm(u32 hart);
    /// Adds `cell` to those that are checked after each step.
    void watch_cell(u32 cell) { watched_[watched_count_++] = cell; }

    // What threads do, with the account kept. The thread is also the hart.
    Result<u32> allocate(u32 thread, std::optional<u32> slot = {}, u32 references = 1,
                         Nanos now = {});
    void allocated(u32 thread, u32 number, u32 references) { account(thread, number, references); }
    bool acquire(u32 thread, u32 number);
    void dup(u32 thread, u32 number);
    void release(u32 thread, u32 number, u32 count = 1);
    void exit(u32 thread, u32 number, u32 slot, u32 count = 1);
    /// From setup to a thread: references it holds from the beginning.
    void give(u32 thread, u32 number, u32 count = 1);

    /// A held number stays what it is.
    void check_held(u32 number);

    Memory<kCellBits> memory_;
    Cells cells_;

private:
    static constexpr u32 kSetup = kMaxThreads;
    struct Held {
        u32 number;
        i32 count;
    };
    void account(u32 who, u32 number, u32 count, bool minus = false);
    PidOptions options(PidOptions (*change)(PidOptions));

    /// Changes by each thread, and by setup; a thread writes its own row only.
    std::array<std::array<Held, 24>, kMaxThreads + 1> changes_;
    std::array<u32, kMaxThreads + 1> changes_count_{};
    std::bitset<kCells> held_by_setup_;
    std::array<u32, 8> watched_{};
    u32 watched_count_ = 0;
};

using World = WorldOf<6>;
using BigWorld = WorldOf<10>;

extern template class WorldOf<6>;
extern template class WorldOf<10>;
extern template class WorldOf<11>;

}  // namespace model::pid
