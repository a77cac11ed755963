// Device lines of kernel/machine, by the PLIC.
#include "arch/riscv64/device_lines.h"

#include "machine/interrupts.h"

namespace arch::riscv64 {

constinit Plic plic;

}  // namespace arch::riscv64

namespace kernel::machine {

Result<void> enable_line(IrqLine line, HartIndex hart) {
    return arch::riscv64::plic.enable(line, hart);
}

void disable_line(IrqLine line) { arch::riscv64::plic.disable(line); }

}  // namespace kernel::machine
