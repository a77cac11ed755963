// Boot: from the machine's first upcall to the first process.
#pragma once

namespace kernel::init {

/// Brings the kernel up on the boot hart and becomes its scheduler. Context: boot hart, interrupts
/// off.
[[noreturn]] void boot();

}  // namespace kernel::init
