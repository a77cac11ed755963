// CellModel: what one cell of the Pid hash is to its users, done by one thread.
#pragma once

#include "pid/pid_word.h"
#include "tests/proof/linear/linearizability.h"

namespace linear {

/// The sequential specification: {generation, slot, references} of a cell, and what each operation
/// answers and changes. Written without looking at how the hash does it.
struct CellModel {
    static constexpr u32 kCellBits = 6;
    static constexpr u32 kNumberBits = 9;
    static constexpr u32 kCells = 1 << kCellBits;
    static constexpr u32 kNumbers = 1 << kNumberBits;
    static constexpr u32 kNone = ~u32{0};

    struct State {
        u32 number = kNone;  // that the cell has, or had last; kNone: it never had any
        u32 slot = kNone;
        u32 references = 0;
        auto operator<=>(const State&) const = default;
    };

    enum class Kind { kAllocate, kBind, kLookup, kReferences, kAcquire, kDup, kRelease, kExit };
    struct Operation {
        Kind kind;
        u32 number;        // asked for; or answered, by kAllocate
        u32 slot = kNone;  // asked for; or answered, by kLookup
        u32 answer = 0;    // of kReferences: how many; of kAcquire: 1 if it succeeded
    };

    static std::optional<State> step(const State& cell, const Operation& operation) {
        const bool held = cell.number == operation.number && cell.references != 0;
        State after = cell;
        switch (operation.kind) {
            case Kind::kAllocate:
                if (cell.references != 0 || !may_follow(cell.number, operation.number)) break;
                return State{operation.number, kNone, 1};
            case Kind::kBind:
                if (!held || cell.slot != kNone) break;
                after.slot = operation.slot;
                return after;
            case Kind::kLookup:
                if (operation.slot != (held ? cell.slot : kNone)) break;
                return after;
            case Kind::kReferences:
                if (operation.answer != (held ? cell.references : 0)) break;
                return after;
            case Kind::kAcquire:
                if ((operation.answer != 0) != held) break;
                after.references += operation.answer;
                return after;
            case Kind::kDup:
                if (!held) break;
                after.references += 1;
                return after;
            case Kind::kRelease:
                if (!held || (cell.references == 1 && cell.slot != kNone)) break;
                after.references -= 1;
                return after;
            case Kind::kExit:
                if (!held || cell.slot != operation.slot) break;
                after.slot = kNone;
                after.references -= 1;
                return after;
        }
        return std::nullopt;
    }

    /// Whether a cell that had `last` may be given `next`: the next generation, where the lowest
    /// number of a cell is given once, first or never.
    static bool may_follow(u32 last, u32 next) {
        if (last == kNone) return next < 2 * kCells;
        const u32 after = (last + kCells) % kNumbers;
        return next == (after < kCells ? after + kCells : after);
    }
};

}  // namespace linear
