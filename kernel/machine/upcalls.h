// Upcalls: what the machine calls in the kernel. kernel/init implements them for the product;
// module tests link a do-nothing set.
#pragma once

#include "base/std.h"
#include "base/units.h"
#include "machine/boot_info.h"
#include "machine/hart.h"
#include "machine/interrupts.h"

namespace kernel::machine::upcalls {

/// First C++ of the kernel proper, on the boot hart and its boot stack, kernel map live, interrupts
/// off. Must not return.
[[noreturn]] void boot_main();

/// First of every other hart, on a boot stack of its own, interrupts off. Must not return.
[[noreturn]] void hart_main();

/// This hart's alarm went off. Interrupts off; the alarm is disarmed.
void timer();

/// Another hart called send_ipi for this one. Interrupts off. One call may stand for several sends.
void ipi();

/// A device raised `line`. Interrupts off.
void external(IrqLine line);

/// The last thing before an interrupt returns to code that had interrupts on (so it holds no spin
/// lock): the scheduler may switch to another task here. Interrupts off.
void interrupt_exit();

/// Kernel code did what it must not: `what` names it ("load page fault"), `where` the instruction,
/// `address` what it touched. The registers are what print_all_harts will print. Must not return.
[[noreturn]] void kernel_fault(std::string_view what, VirtAddr where, VirtAddr address);

}  // namespace kernel::machine::upcalls
