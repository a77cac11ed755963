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
}  // namespace backend

}  // namespace host
