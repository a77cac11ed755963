// Timebase: how ticks of the counter and nanoseconds convert.
#pragma once

#include "arch/riscv64/sv39/vocabulary.h"

namespace arch::riscv64 {

/// A counter's frequency, with what it takes to convert without dividing. Plain value.
class Timebase {
public:
    constexpr Timebase() = default;
    /// `frequency` is in ticks per second, and not 0. Cost: a division bit by bit, twice.
    static Timebase of(u64 frequency);

    u64 frequency() const { return frequency_; }

    /// ticks / frequency in nanoseconds, rounded down, to the last digit. For ticks of less than
    /// 584 years, which is where Nanos ends.
    Nanos nanos_of_ticks(u64 ticks) const;

    /// The first tick at or after `time`: nanos_of_ticks(t - 1) < time <= nanos_of_ticks(t). The
    /// last tick there is, if `time` lies beyond it. For every `time`.
    u64 ticks_of_nanos(Nanos time) const;

private:
    /// A number with 64 bits before and 64 bits after the point.
    struct Factor {
        u64 whole = 0;
        u64 fraction = 0;
        bool exact = true;  // nothing was cut off after the point

        static Factor ratio(u64 dividend, u64 divisor);
    };

    u64 frequency_ = 0;
    Factor nanos_per_tick_;
    Factor ticks_per_nano_;
};

}  // namespace arch::riscv64
