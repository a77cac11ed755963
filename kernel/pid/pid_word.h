// PidWord: all that is known about a process number, packed into the 64 bits of its cell.
#pragma once

#include "base/field.h"
#include "base/std.h"

namespace kernel::pid {

/// Bits of a number at most; so a number is never negative as an `int`.
inline constexpr u32 kNumberBits = 31;
inline constexpr u32 kMaxNumber = (u32{1} << kNumberBits) - 1;
/// No cell index has fewer bits, none more.
inline constexpr u32 kMinCellBits = 2;
inline constexpr u32 kMaxCellBits = 26;

/// A slot of whatever table the user of the hash keeps, as told by a lookup: true a moment ago. The
/// user revalidates it under its own lock.
struct SlotHint {
    u32 slot;
    constexpr bool operator==(const SlotHint&) const = default;
};

/// With K bits of index, a cell holds
/// ```
///  63 ........ 32   31   30 ...... K   K-1 .. 0
///  references      used  generation    slot
/// ```
/// The low half is the number, marked as used, with the slot in the place of the index; so
/// comparing a number with a cell, and reading the slot, is one subtraction. Word 0: never used. No
/// references: dead, slot none, generation that of the last number.
class PidWord {
public:
    using Low = Field<0, 32>;
    using References = Field<32, 32>;
    static constexpr u32 kUsed = u32{1} << 31;
    /// From two more on holds() calls the count overflown.
    static constexpr u32 kMaxReferences = ~u32{0} >> 1;

    constexpr PidWord(u64 bits, u32 mask) : bits_(bits), mask_(mask) {}
    /// The word of `number`; the slot `mask` is none.
    static constexpr PidWord of(u32 number, u32 slot, u32 references, u32 mask) {
        return {References::make(references) | base(number, mask) | slot, mask};
    }

    constexpr u64 bits() const { return bits_; }
    constexpr bool never_used() const { return bits_ == 0; }
    constexpr u32 references() const { return static_cast<u32>(References::get(bits_)); }
    /// The slot, or `mask` for none.
    constexpr u32 slot() const { return low() & mask_; }
    constexpr bool bound() const { return slot() != mask_; }
    /// Whether the cell is, or was last, that of `number` (whose index is this cell's).
    constexpr bool names(u32 number) const { return ((low() ^ number ^ kUsed) & ~mask_) == 0; }
    /// Whether the word names `number` with `least` references or more (at least 1, at most 2^31
    /// more: a count that ran over, or under, is none). One subtraction and one test after the word
    /// has come.
    constexpr bool holds(u32 number, u32 least) const {
        const u64 excess = bits_ - (References::make(least) | base(number, mask_));
        // Another number differs by a multiple of the number of cells, too few references by sign.
        constexpr u64 kSign = u64{1} << 63;
        return (excess & (kSign | Low::make(~mask_))) == 0;
    }
    /// The number, given the cell's index; meaningless if never used.
    constexpr u32 number(u32 index) const { return (low() & ~(kUsed | mask_)) | index; }
    /// The number a dead cell is to have next, of those below `number_mask`.
    constexpr u32 next_number(u32 index, u32 number_mask) const {
        // No slot is all ones, so that one more is the next generation.
        return never_used() ? index : ((low() + 1) & number_mask) | index;
    }
    /// The slot if the word `bits` of cell `index` names `number` and is bound, else the mask or
    /// more. No branch, and one instruction after the word has come.
    static constexpr u32 slot_of(u64 bits, u32 number, u64 index) {
        // Without its slot the low half is a multiple of the number of cells, as that of every
        // other word of the cell is: if they differ, then by more than any slot.
        return static_cast<u32>(bits) - (number ^ static_cast<u32>(index) ^ kUsed);
    }

    /// What to add to a bound word to make its slot none, and to subtract to bind an unbound one.
    static constexpr u64 slot_distance(u32 slot, u32 mask) { return mask - slot; }

private:
    constexpr u32 low() const { return static_cast<u32>(Low::get(bits_)); }
    /// The low half of the word of `number`, less its slot.
    static constexpr u64 base(u32 number, u32 mask) { return kUsed | (number & ~mask); }

    u64 bits_;
    u32 mask_;
};

}  // namespace kernel::pid
