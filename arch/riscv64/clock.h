// The clock: the counter all harts share, and how it converts.
#pragma once

#include "arch/riscv64/sv39/vocabulary.h"

namespace arch::riscv64 {

/// Sets the counter's frequency. Context: boot, once.
void init_clock(u64 frequency);

/// The time that `ticks` of the counter are. Time is counted from where the counter is zero, which
/// is when the machine was switched on.
Nanos nanos_of_ticks(u64 ticks);

/// The timer interrupt came: keeps it from coming again until the next set_alarm().
void silence_timer();

}  // namespace arch::riscv64
