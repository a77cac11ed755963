// Ways to leave the machine.
#pragma once

#include "arch/riscv64/sv39/vocabulary.h"
#include "boot/machine_description.h"

namespace arch::riscv64 {

/// The status a panic leaves with.
inline constexpr u8 kPanicStatus = 2;

/// Finds the ways that this machine has. Context: boot, once.
void init_power(const boot::MachineDescription& machine);

}  // namespace arch::riscv64
