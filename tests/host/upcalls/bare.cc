// The upcalls of a bare machine. As the last library of a test it also is the do-nothing set for
// tests that never start a machine.
#include "tests/host/upcalls/bare.h"

#include "base/assert.h"
#include "machine/power.h"
#include "machine/upcalls.h"

namespace host {
namespace {

BareKernel& bare_kernel() {
    static auto* one = new BareKernel;
    return *one;
}

}  // namespace

Outcome run_bare(const MachineOptions& options, BareKernel bare) {
    bare_kernel() = std::move(bare);
    Outcome outcome = run_machine(options);
    bare_kernel() = {};
    return outcome;
}

}  // namespace host

namespace kernel::machine::upcalls {

using host::bare_kernel;

void boot_main() {
    if (bare_kernel().boot) bare_kernel().boot();
    power_off(0);
}

void hart_main() {
    if (bare_kernel().other) bare_kernel().other();
    for (;;) wait_for_interrupt();  // until the machine goes off
}

void timer() {
    if (bare_kernel().timer) bare_kernel().timer();
}

void ipi() {
    if (bare_kernel().ipi) bare_kernel().ipi();
}

void external(IrqLine line) {
    if (bare_kernel().external) bare_kernel().external(line);
}

void interrupt_exit() {}

void kernel_fault(std::string_view what, VirtAddr where, VirtAddr address) {
    PANIC("{} at {:x}, address {:x}", what, where.value, address.value);
}

}  // namespace kernel::machine::upcalls
