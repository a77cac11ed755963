// The firmware's console.
#pragma once

namespace arch::riscv64 {

/// Finds out which console calls the firmware has. Context: boot, before any output.
void init_console();

}  // namespace arch::riscv64
