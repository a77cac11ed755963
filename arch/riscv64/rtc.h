// The real-time clock, where the machine has one.
#pragma once

#include "boot/machine_description.h"

namespace arch::riscv64 {

/// Maps the clock's registers. Context: boot, once.
void init_rtc(const boot::MachineDescription& machine);

}  // namespace arch::riscv64
