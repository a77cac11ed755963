// The simulator's generator: small, fast, the same everywhere.
#pragma once

#include "base/std.h"

namespace host {

/// Spreads a value over all 64 bits (the finisher of splitmix64).
constexpr kernel::u64 mix(kernel::u64 value) {
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
    value = (value ^ value >> 27) * 0x94d049bb133111eb;
    return value ^ value >> 31;
}

class Random {
public:
    constexpr explicit Random(kernel::u64 seed) : state_(mix(seed + 0x9e3779b97f4a7c15)) {}

    constexpr kernel::u64 next() {
        state_ += 0x9e3779b97f4a7c15;
        return mix(state_);
    }
    /// 0 .. limit - 1; 0 if limit is 0.
    constexpr kernel::u64 below(kernel::u64 limit) { return limit == 0 ? 0 : next() % limit; }
    constexpr bool one_in(kernel::u64 count) { return below(count) == 0; }

private:
    kernel::u64 state_;
};

}  // namespace host
