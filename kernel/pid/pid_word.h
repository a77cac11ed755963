// PidWord: all that is known about a process number, packed into the 64 bits of its cell.
#pragma once

#include "base/field.h"
#include "base/std.h"

namespace kernel::pid {

/// Bits of a number at most; so a number is never negative as an `int`.
inline constexpr u32 kNumberBits = 31;
inline constexpr u32 kMaxNumber = (u32{1} << kNumberBits) - 1;
/// No cell index has fewer bits (one busy word), none more.
inline constexpr u32 kMinCellBits = 6;
inline constexpr u32 kMaxCellBits = 26;

/// A slot of whatever table the user of the hash keeps, as told by a lookup: true a moment ago. The
/// user revalidates it under its own lock.
struct SlotHint {
    u32 slot;
    constexpr bool operator==(const SlotHint&) const = default;
};

/// With K bits of index, a cell holds
/// ```
///  63   62 ........ 32+K   31+K ...... 32   31 ..... 0
/// used  generation         slot             references
/// ```
/// The high half without the slot is the number without its low K bits (they are the index), plus
/// `used`; so comparing a number with a cell, and reading the slot, is one subtraction.
/// Word 0: never used. No references: dead, slot none, generation that of the last number.
class PidWord {
public:
    using References = Field<0, 32>;
    using High = Field<32, 32>;
    static constexpr u32 kUsed = u32{1} << 31;
    static constexpr u32 kMaxReferences = ~u32{0};

    constexpr PidWord(u64 bits, u32 mask) : bits_(bits), mask_(mask) {}
    /// The word of `number`; the slot `mask` is none.
    static constexpr PidWord of(u32 number, u32 slot, u32 references, u32 mask) {
        return {High::make(kUsed | (number & ~mask) | slot) | References::make(references), mask};
    }

    constexpr u64 bits() const { return bits_; }
    constexpr bool never_used() const { return bits_ == 0; }
    constexpr u32 references() const { return static_cast<u32>(References::get(bits_)); }
    /// The slot, or `mask` for none.
    constexpr u32 slot() const { return high() & mask_; }
    constexpr bool bound() const { return slot() != mask_; }
    /// Whether the cell is, or was last, that of `number` (whose index is this cell's).
    constexpr bool names(u32 number) const { return ((high() ^ (number | kUsed)) & ~mask_) == 0; }
    /// The number, given the cell's index; meaningless if never used.
    constexpr u32 number(u32 index) const { return (high() & ~(kUsed | mask_)) | index; }
    /// The slot if the word `bits` of cell `index` names `number` and is bound, else the mask or
    /// more. No branch, and two instructions after the word has come.
    static constexpr u32 slot_of(u64 bits, u32 number, u64 index) {
        // The high half of the word of `number`, less its slot, is a multiple of the number of
        // cells, as that of every other word of the cell is: if they differ, then by more than any
        // slot.
        const u32 without_slot = number ^ static_cast<u32>(index) ^ kUsed;
        return static_cast<u32>(High::get(bits)) - without_slot;
    }

    /// What to add to a bound word to make its slot none, and to subtract to bind an unbound one.
    static constexpr u64 slot_distance(u32 slot, u32 mask) { return u64{mask - slot} << 32; }

private:
    constexpr u32 high() const { return static_cast<u32>(High::get(bits_)); }

    u64 bits_;
    u32 mask_;
};

}  // namespace kernel::pid
