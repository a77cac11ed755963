// The first C++ of the kernel on the boot hart.
#pragma once

#include "arch/riscv64/sv39/vocabulary.h"
#include "boot/machine_description.h"

namespace arch::riscv64 {

/// What the device tree said. Const after boot.
const boot::MachineDescription& machine_description();

extern "C" {
/// Called by boot/entry.S on the early map, interrupts off: `hart` is the hardware's number of this
/// hart, `tree` and `image` are physical.
[[noreturn]] void riscv64_start(u64 hart, u64 tree, u64 image);
}

}  // namespace arch::riscv64
