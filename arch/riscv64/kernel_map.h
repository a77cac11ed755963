// The kernel's own page tables: built once at boot, then changed only in the kernel area and the
// device area.
#pragma once

#include "arch/riscv64/hart.h"
#include "arch/riscv64/sv39/page_table.h"
#include "boot/machine_description.h"

namespace arch::riscv64 {

/// The tables all harts run on. Valid from build_kernel_map() on.
sv39::PageTable& kernel_tables();
/// The satp value that selects them.
u64 kernel_satp();

/// Builds the tables from boot pages: the image with write or execute permission but never both,
/// the direct map of all memory that may be mapped, the tops of the other areas; then runs on them.
/// Panics when boot pages run out. Context: boot, once.
void build_kernel_map(const boot::MachineDescription& machine);

/// Which entries of the root are used, in any table of which the kernel's half is to be the same.
/// They do not change after build_kernel_map().
std::span<const u16> kernel_root_entries();

/// How many boot pages build_kernel_map() and map_hart_stacks() need at most.
usize boot_pages_needed(const boot::MachineDescription& machine);

/// Maps the stacks of a hart that is not the boot hart, with a guard page under each, and notes
/// them in its block. Context: boot.
void map_hart_stacks(HartBlock& block);

/// Fences this hart if the kernel map has grown since it last did. Interrupts off.
void catch_up_with_kernel_map(HartBlock& block);

/// In debug builds: checks every leaf, and panics at the first that breaks an invariant.
void check_kernel_map();
/// The same for when the machine is about to be left: says on the early console what is broken.
/// True in release builds, and before there is a map.
bool kernel_map_holds();

/// Notes that other harts may run from now on, so that unmapping must reach them.
void expect_other_harts();

/// The memory that holds text and constants.
PhysRange read_only_image();

}  // namespace arch::riscv64
