// What traps from user mode and the kernel's touching of user memory have in common with traps.
#pragma once

#include "arch/riscv64/trap_frame.h"

namespace arch::riscv64 {

/// Does what is asked of the running process until nothing is; then interrupts are off, and user
/// mode follows. Context: task.
void before_user_mode(UserRegisters& registers);

extern "C" {
/// The code that touches user memory is [riscv64_user_copy, riscv64_user_access_end); a fault there
/// goes on at riscv64_user_access_failed.
u64 riscv64_user_copy(void* to, const void* from, u64 bytes);
void riscv64_user_access_end();
void riscv64_user_access_failed();
}

}  // namespace arch::riscv64
