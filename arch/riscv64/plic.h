// The platform-level interrupt controller: RISC-V PLIC specification 1.0.0.
#pragma once

#include "arch/riscv64/hart.h"
#include "boot/machine_description.h"

namespace arch::riscv64 {

/// Maps the controller, if the machine has one that can be used. Context: boot, once.
void init_plic(const boot::MachineDescription& machine);

/// Lets the running hart's context deliver every line that is enabled for it, none of which is yet.
void open_plic_context(HartBlock& self);

/// Hands each line that waits for this hart to upcalls::external(). Interrupts off.
void take_external_interrupts();

}  // namespace arch::riscv64
