// What the machine's upcalls mean in this kernel.
#include "machine/upcalls.h"

#include "base/assert.h"
#include "base/log.h"
#include "dev/console/console.h"
#include "init/boot.h"
#include "init/idle_stack.h"
#include "machine/user.h"
#include "mm/kernel_stack.h"
#include "proc/user_mode.h"
#include "sched/scheduler.h"

namespace kernel::machine::upcalls {

void boot_main() { init::boot(); }

void hart_main() { sched::enter_scheduler(init::idle_stack()); }

void timer() { sched::timer_interrupt(); }

void ipi() { sched::ipi_interrupt(); }

void external(IrqLine line) {
    sched::device_interrupt();
    // Only the console's port has its line let through.
    if (!dev::console().external(line)) klog("interrupt on line {}, which nobody asked for", line);
}

void interrupt_exit() { sched::interrupt_exit(); }

void user_entry() { proc::user_entry(); }

bool user_exit_wanted() { return proc::user_exit_wanted(); }

void user_exit(UserRegisters& registers) { proc::user_exit(registers); }

void user_trap(UserRegisters& registers, UserTrap trap, VirtAddr address) {
    proc::user_trap(registers, trap, address);
}

void kernel_fault(std::string_view what, VirtAddr where, VirtAddr address) {
    if (mm::is_stack_guard(address)) {
        PANIC("kernel stack overflow: {} at {} touching {}", what, where.as<>(), address.as<>());
    }
    PANIC("{} at {} touching {}", what, where.as<>(), address.as<>());
}

}  // namespace kernel::machine::upcalls
