// Memory as the machine sees it: the direct map, mappings in the kernel's own address space, device
// registers.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "base/units.h"

namespace kernel::machine {

/// Where the kernel sees physical memory. Valid for all RAM of BootInfo that is not reserved as
/// no-map. Any context.
VirtAddr direct_map(PhysAddr physical);
/// The inverse, for addresses inside the direct map.
PhysAddr physical_of(VirtAddr direct_mapped);

/// The physical address of constant data at `at`, if it may be mapped for user mode: it lies in the
/// direct map or in the constants of the image. Nothing otherwise. Any context.
std::optional<PhysAddr> physical_of_constant(VirtAddr at);

/// Copies what the kernel's image has from `at`, up to the end of a part: code, constants and data, as they are at that
/// moment. Errors: kBadArg where it has nothing; kPermission for what is SECRET. Context: any.
Result<usize> peek_image(Bytes to, VirtAddr at);

/// The area of kernel virtual addresses that mm hands out (kernel stacks and their guards); page
/// aligned.
struct KernelArea {
    VirtAddr start;
    u64 size;
};
KernelArea kernel_area();

/// Gives a zeroed page for a page table, or nothing. mm registers it; before that, the
/// implementation uses its boot reserve.
using TablePageSource = Result<PhysAddr> (*)();
void set_table_page_source(TablePageSource source);

/// Maps one page, readable and writable, never executable, at `at` in the kernel area (all harts
/// see it). Fails with kNoMemory if a table page is missing. The caller keeps two calls for the
/// same page apart. Task or boot context.
Result<void> map_kernel_page(VirtAddr at, PhysAddr page);

/// Undoes map_kernel_page and returns what was mapped. Harts may reach the page through `at` until
/// shoot_down_kernel_pages() returns, so until then neither is given to anybody.
PhysAddr unmap_kernel_page(VirtAddr at);

/// On return no hart can reach pages that were unmapped before the call. Context: any, also with
/// interrupts off. Cost: interrupts every hart and waits for all, so unmap many before it.
void shoot_down_kernel_pages();

/// Makes instructions that were written to [start, start + size) what every hart executes there.
/// Call it after the last of them is written and before any hart runs them, also where only one
/// was changed. Does not map anything. Context: boot or task. Cost: interrupts every hart.
void publish_code(VirtAddr start, u64 size);

/// Maps device registers, uncached where that matters. Fails with kNoMemory. Context: boot or task.
Result<VirtAddr> map_device(PhysAddr start, u64 size);

/// One access to a device register, of exactly the width of T, in program order with other device
/// accesses. Any context.
template <class T>
    requires(sizeof(T) == 1 || sizeof(T) == 4 || sizeof(T) == 8)
T device_read(VirtAddr at);
template <class T>
    requires(sizeof(T) == 1 || sizeof(T) == 4 || sizeof(T) == 8)
void device_write(VirtAddr at, T value);

extern template u8 device_read<u8>(VirtAddr);
extern template u32 device_read<u32>(VirtAddr);
extern template u64 device_read<u64>(VirtAddr);
extern template void device_write<u8>(VirtAddr, u8);
extern template void device_write<u32>(VirtAddr, u32);
extern template void device_write<u64>(VirtAddr, u64);

/// Makes this hart's stores to memory visible before its later device accesses, and the reverse.
/// Any context.
void device_fence();

}  // namespace kernel::machine

// What of these an implementation has in line.
#include "machine/memory_access.h"
