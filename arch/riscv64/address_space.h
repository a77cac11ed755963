// The kernel's half of the address space: what lies where.
#pragma once

#include "arch/riscv64/sv39/vocabulary.h"
#include "boot/layout.h"

// ffffffc0 00000000  direct map      128 GiB: physical address + kDirectBase
// ffffffe0 00000000  kernel area      64 GiB: pages that mm maps (kernel stacks and their guards)
// fffffff0 00000000  device area       1 GiB: registers; in its last megapage the harts' boot
// stacks ffffffff 80000000  image             1 GiB: text R-X, constants R--, data RW-
namespace arch::riscv64 {

inline constexpr VirtAddr kDirectBase{BOOT_DIRECT_BASE};
inline constexpr u64 kDirectSize = u64{BOOT_DIRECT_GIGAPAGES} * kernel::kGiB;
inline constexpr VirtAddr kAreaBase = kDirectBase + kDirectSize;
inline constexpr u64 kAreaSizeMax = 64 * u64{kernel::kGiB};
inline constexpr VirtAddr kDeviceBase = kAreaBase + kAreaSizeMax;
inline constexpr u64 kDeviceSize = kernel::kGiB;
inline constexpr VirtAddr kKernelBase{BOOT_KERNEL_BASE};

inline constexpr u64 kBootStackSize = BOOT_STACK_SIZE;
inline constexpr u64 kEmergencyStackSize = BOOT_EMERGENCY_STACK_SIZE;

/// Per hart: guard, boot stack, guard, emergency stack.
inline constexpr u64 kHartStacksSize = kPageSize + kBootStackSize + kPageSize + kEmergencyStackSize;
inline constexpr VirtAddr kHartStacksBase = kDeviceBase + kDeviceSize - 2 * kernel::kMiB;

static_assert(kDeviceBase + kDeviceSize <= kKernelBase);

// Symbols of linker/kernel.ld and boot/entry.S: only their addresses mean anything.
extern "C" {
extern std::byte image_start[], text_start[], text_end[], rodata_start[], data_start[], image_end[];
extern std::byte secrets_start[], secrets_end[], secret_zeroes_start[], secret_zeroes_end[], bss_end[];
extern std::byte boot_stack_guard[], boot_stack_top[], boot_emergency_guard[], boot_emergency_top[];
void boot_secondary_entry();
}

/// Where the image lies; const after entry.
PhysAddr image_address();
void set_image_address(PhysAddr at);

/// The physical address of something in the image.
inline PhysAddr image_physical(VirtAddr at) { return image_address() + (at - kKernelBase); }

}  // namespace arch::riscv64
