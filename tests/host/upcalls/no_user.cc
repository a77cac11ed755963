// The upcalls of user mode for machines without programs: no call does anything, and a trap is a
// bug.
#include "base/assert.h"
#include "machine/user.h"

namespace kernel::machine::upcalls {
namespace {

constexpr i64 kNoSuchCall = -1;

constexpr SystemCallTable table_without_calls() {
    SystemCallTable table;
    table.fill({[](u64, u64, u64, u64, u64, u64) { return kNoSuchCall; }, 0});
    return table;
}

}  // namespace

constinit const SystemCallTable procyon_system_calls = table_without_calls();

void user_trap(UserRegisters& registers, UserTrap trap, VirtAddr address) {
    PANIC("a program trapped at {:x}: {}, address {:x}", registers.pc, static_cast<u32>(trap),
          address.value);
}

void user_entry() {}

void user_exit(UserRegisters&) {}

bool user_exit_wanted() { return false; }

}  // namespace kernel::machine::upcalls
