// Conversion by multiplication, made right where the factor is not.
#include "arch/riscv64/platform/timebase.h"

namespace arch::riscv64 {
namespace {

using Wide = unsigned __int128;

constexpr u64 kNanosPerSecond = 1'000'000'000;
constexpr u64 kLastTick = ~u64{0};

}  // namespace

/// dividend / divisor, rounded down in the last bit. The division is done bit by bit: it runs twice
/// per boot, and 128-bit division would need a helper.
Timebase::Factor Timebase::Factor::ratio(u64 dividend, u64 divisor) {
    Factor factor{.whole = dividend / divisor};
    u64 rest = dividend % divisor;
    for (int bit = 0; bit < 64; ++bit) {
        const bool carry = rest >> 63 != 0;
        rest <<= 1;
        factor.fraction <<= 1;
        if (carry || rest >= divisor) {
            rest -= divisor;
            factor.fraction |= 1;
        }
    }
    factor.exact = rest == 0;
    return factor;
}

Timebase Timebase::of(u64 frequency) {
    Timebase timebase;
    timebase.frequency_ = frequency;
    timebase.nanos_per_tick_ = Factor::ratio(kNanosPerSecond, frequency);
    timebase.ticks_per_nano_ = Factor::ratio(frequency, kNanosPerSecond);
    return timebase;
}

Nanos Timebase::nanos_of_ticks(u64 ticks) const {
    u64 nanos = ticks * nanos_per_tick_.whole +
                static_cast<u64>((Wide{ticks} * nanos_per_tick_.fraction) >> 64);
    // What the factor lacks makes less than one nanosecond, for it is less than 2^-64 per tick; but
    // that can be the one that completes a nanosecond.
    if (!nanos_per_tick_.exact && (Wide{nanos} + 1) * frequency_ <= Wide{ticks} * kNanosPerSecond) {
        ++nanos;
    }
    return {nanos};
}

u64 Timebase::ticks_of_nanos(Nanos time) const {
    const Wide estimate = Wide{time.value} * ticks_per_nano_.whole +
                          ((Wide{time.value} * ticks_per_nano_.fraction) >> 64);
    if (estimate >= kLastTick) return kLastTick;
    u64 ticks = static_cast<u64>(estimate);
    // Rounded down twice, so at most two ticks are missing.
    const Wide wanted = Wide{time.value} * frequency_;
    while (ticks != kLastTick && Wide{ticks} * kNanosPerSecond < wanted) ++ticks;
    return ticks;
}

}  // namespace arch::riscv64
