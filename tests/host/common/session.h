// The session: what both backends keep of the machine that runs, beyond harts and interrupts.
#pragma once

#include "tests/host/common/flow.h"
#include "tests/host/common/machine.h"

namespace host {

/// Lays out RAM, builds BootInfo, plugs in devices and panic hooks. Outside of a machine.
/// `clock` is the machine's time zero.
void begin_session(const MachineOptions& options);
/// The options of the machine that runs.
const MachineOptions& session_options();

/// What the backends give the common part.
namespace backend {
/// Where harts that a panic stopped stand; no frame for those not stopped.
FrameStart stopped_frame(HartIndex hart);
/// A sample for jitter().
u64 jitter();
/// Whether this hart would take an interrupt if it turned them on.
bool interrupt_pending();
/// How many instructions of a program this hart executes before it looks at interrupts again.
u64 draw_slice();
/// Lets the time pass that `instructions` of a program take.
void pass_instructions(u64 instructions);
}  // namespace backend

}  // namespace host
