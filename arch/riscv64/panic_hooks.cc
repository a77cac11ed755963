// The panic hooks of the machine. The first hart to panic reports; another that panics meanwhile
// only stops.
#include "arch/riscv64/panic_hooks.h"

#include "arch/riscv64/hart.h"
#include "arch/riscv64/platform/power.h"
#include "base/panic.h"
#include "machine/backtrace.h"
#include "machine/console.h"
#include "machine/interrupts.h"
#include "machine/power.h"

namespace arch::riscv64 {
namespace {

constinit Atomic<HartBlock*> reporter{nullptr};  // atomic: [panic.reporter]

void begin() {
    (void)kernel::machine::disable_interrupts();  // ignored: they stay off for good
    // relaxed: compared with the hart's own block only.
    reporter.store(&this_hart(), std::memory_order_relaxed);
    kernel::machine::stop_other_harts();
}

void halt() {
    // relaxed: as above.
    if (reporter.load(std::memory_order_relaxed) != &this_hart()) {
        // Another hart is reporting: it will switch the machine off when it is done.
        stop_here({.pc = VirtAddr::of(__builtin_return_address(0)),
                   .frame_pointer = VirtAddr::of(__builtin_frame_address(0))});
    }
    kernel::machine::power_off(kPanicStatus);
}

}  // namespace

void install_panic_hooks() {
    kernel::set_panic_hooks({.begin = begin,
                             .output = kernel::machine::early_console_write,
                             .backtrace = kernel::machine::print_all_harts,
                             .report = nullptr,
                             .halt = halt});
}

}  // namespace arch::riscv64
