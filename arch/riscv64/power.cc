// Leaving the machine: the last look at the kernel map, the ways out, and waiting where there is
// none.
#include "machine/power.h"

#include "arch/riscv64/kernel_map.h"
#include "arch/riscv64/platform/power.h"
#include "machine/interrupts.h"

namespace arch::riscv64 {
namespace {

[[noreturn]] void wait_for_ever() {
    for (;;) asm volatile("wfi");  // intended: there is no way out
}

}  // namespace
}  // namespace arch::riscv64

namespace kernel::machine {

void power_off(u8 status) {
    (void)disable_interrupts();  // ignored: they stay off for good
    // Not a panic, which would come here again.
    if (!arch::riscv64::kernel_map_holds()) status = arch::riscv64::kPanicStatus;
    arch::riscv64::try_to_power_off(status);
    arch::riscv64::wait_for_ever();
}

void reboot() {
    (void)disable_interrupts();  // ignored: they stay off for good
    arch::riscv64::try_to_reboot();
    arch::riscv64::wait_for_ever();
}

}  // namespace kernel::machine
