// Ways to leave the machine: the test finisher, semihosting if asked for, firmware.
#pragma once

#include "arch/riscv64/sv39/vocabulary.h"
#include "boot/machine_description.h"

namespace arch::riscv64 {

/// The status a panic leaves with.
inline constexpr u8 kPanicStatus = 2;

/// Finds the ways that this machine has. Until then there is only firmware. Context: boot, once.
void init_power(const boot::MachineDescription& machine);

/// Tries each way to turn the machine off, those that can tell a status first. Returns if there is
/// none, having said so on the early console. Interrupts off.
void try_to_power_off(u8 status);

/// Tries each way to restart the machine, then to turn it off; returns as try_to_power_off().
void try_to_reboot();

/// A semihosting call (Semihosting for RISC-V 0.4); the machine's own assembly.
extern "C" std::uint64_t riscv64_semihosting_call(std::uint64_t operation, const void* block);

}  // namespace arch::riscv64
