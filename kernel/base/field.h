// Field<Lo, Width>: a run of bits in a word, named once and used for reading and writing.
#pragma once

#include "base/std.h"

namespace kernel {

/// Bits Lo .. Lo + Width - 1 of a 64-bit word.
template <unsigned Lo, unsigned Width>
struct Field {
    static_assert(Width >= 1 && Lo + Width <= 64);
    static constexpr unsigned kLo = Lo;
    static constexpr unsigned kWidth = Width;
    static constexpr u64 kMax = Width == 64 ? ~u64{0} : (u64{1} << Width) - 1;
    static constexpr u64 kMask = kMax << Lo;

    /// The field's value in `word`.
    static constexpr u64 get(u64 word) { return (word >> Lo) & kMax; }
    /// `value` in its place, zero elsewhere; excess bits of `value` are cut.
    static constexpr u64 make(u64 value) { return (value & kMax) << Lo; }
    /// `word` with the field replaced.
    static constexpr u64 with(u64 word, u64 value) { return (word & ~kMask) | make(value); }
};

}  // namespace kernel
