// lowest_bit(): the place of a word's lowest set bit, where the machine has no instruction for it.
#pragma once

#include "base/assert.h"
#include "base/std.h"

namespace kernel {

namespace detail {

/// A product by this moves each power of two's own six bits to the top: it is a de Bruijn sequence.
inline constexpr u64 kDeBruijn = 0x022f'dd63'cc95'386d;

inline constexpr std::array<u8, 64> kPlaces = [] {
    std::array<u8, 64> places{};
    for (u32 place = 0; place < 64; ++place) {
        places[(kDeBruijn << place) >> 58] = static_cast<u8>(place);
    }
    return places;
}();

constexpr u32 lowest_bit_by_product(u64 bits) {
    return kPlaces[((bits & (u64{0} - bits)) * kDeBruijn) >> 58];
}

}  // namespace detail

/// Where the lowest set bit of `bits` is, 0 to 63; there must be one. std::countr_zero() is a call
/// of 28 instructions on RISC-V without Zbb; this is nine.
constexpr u32 lowest_bit(u64 bits) {
    DEBUG_ASSERT(bits != 0);
#if defined(__riscv) && !defined(__riscv_zbb)
    return detail::lowest_bit_by_product(bits);
#else
    return static_cast<u32>(std::countr_zero(bits));
#endif
}

}  // namespace kernel
