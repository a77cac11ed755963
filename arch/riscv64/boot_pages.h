// Boot pages: physical memory for tables and stacks before kernel/mm exists.
#pragma once

#include "arch/riscv64/sv39/vocabulary.h"
#include "boot/machine_description.h"

namespace arch::riscv64 {

/// Picks a run of free memory that the early map reaches and that has room for `pages`. Panics when
/// there is none. Context: boot, once.
void open_boot_pages(const boot::MachineDescription& machine, usize pages);

/// A zeroed page. Fails with kNoMemory when the run is used up. Context: boot; after
/// close_boot_pages() only the late reserve is left, and callers keep calls apart.
Result<PhysAddr> take_boot_page();

/// Reserves what was taken, and a few pages more for tables made before mm gives some, in
/// `machine`. Context: boot, once.
void close_boot_pages(boot::MachineDescription& machine);

}  // namespace arch::riscv64
