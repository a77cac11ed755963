// How a panic gets out on this machine.
#pragma once

namespace arch::riscv64 {

/// Registers the machine's part of a panic: stop the other harts, firmware's console, backtraces,
/// power off. Context: boot, before anything can fail.
void install_panic_hooks();

}  // namespace arch::riscv64
