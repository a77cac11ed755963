// Where the kernel lives in virtual memory, as far as boot must know; shared with entry.S.
#pragma once

// The image is linked here (linker/kernel.ld repeats it; entry.S fails to link if they differ).
#define BOOT_KERNEL_BASE 0xffffffff80000000
// All of physical memory below BOOT_DIRECT_SIZE appears from here on.
#define BOOT_DIRECT_BASE 0xffffffc000000000
#define BOOT_DIRECT_GIGAPAGES 128
#define BOOT_STACK_SIZE 16384
#define BOOT_EMERGENCY_STACK_SIZE 8192
