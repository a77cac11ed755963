// What a panic prints besides its reason, and where.
#pragma once

namespace kernel::init {

/// Registers the panic hooks: console, backtraces, tasks, processes, power off. Context: boot,
/// first of all.
void set_up_panics();

}  // namespace kernel::init
