// Interrupts of the running hart: off, on, wait; and the external lines of devices.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "machine/hart.h"

namespace kernel::machine {

/// Whether this hart takes interrupts. Any context.
bool interrupts_enabled();

/// Turns interrupts off; returns whether they were on. Any context. On hosts where interrupts are
/// soft, pending ones are polled when they are turned on again.
bool disable_interrupts();

/// Turns interrupts on; pending ones are taken at once. No spin lock may be held.
void enable_interrupts();

/// Waits until an interrupt is pending. Called with interrupts off (so that the test before it
/// cannot miss a wake-up); returns with them off; the interrupt is taken when they are turned on.
/// May return for no reason.
void wait_for_interrupt();

/// What a spin loop calls in each turn: a hint to the hart, a poll point on soft-interrupt hosts, a
/// switch in the simulator.
void relax();

// Those above that an implementation has in line.
}  // namespace kernel::machine

#include "machine/interrupts_access.h"

namespace kernel::machine {

/// Off for the life of the guard, then as before. Nests.
class InterruptsOff : Pinned {
public:
    InterruptsOff() : were_on_(disable_interrupts()) {}
    ~InterruptsOff() {
        if (were_on_) enable_interrupts();
    }

private:
    bool were_on_;
};

/// An external interrupt line, as the machine's interrupt controller numbers it; 0 is none.
using IrqLine = u32;

/// Lets `line` through to `hart`; it arrives as upcalls::external(line), during which the line is
/// masked. Fails with kNoDevice for a line or hart the controller does not know.
Result<void> enable_line(IrqLine line, HartIndex hart);
void disable_line(IrqLine line);

}  // namespace kernel::machine
