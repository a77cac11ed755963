// The upcalls of user mode for machines without programs: a trap is a bug.
#include "base/assert.h"
#include "machine/user.h"

namespace kernel::machine::upcalls {
void user_trap(UserRegisters& registers, UserTrap trap, VirtAddr address) {
    PANIC("a program trapped at {:x}: {}, address {:x}", registers.pc, static_cast<u32>(trap),
          address.value);
}

void user_entry() {}

void user_exit(UserRegisters&) {}

bool user_exit_wanted() { return false; }

}  // namespace kernel::machine::upcalls
