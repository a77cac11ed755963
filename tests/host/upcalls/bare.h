// A bare machine: upcalls without a kernel, for tests of what needs no scheduler.
#pragma once

#include <functional>

#include "tests/host/common/machine.h"

namespace host {

/// What a bare machine does. Empty functions do nothing.
struct BareKernel {
    std::function<void()> boot{};  // on the boot hart, interrupts off; then the machine goes off
    std::function<void()>
        other{};  // on each other hart, once started; then that hart waits for ever
    std::function<void()> timer{};
    std::function<void()> ipi{};
    std::function<void(kernel::machine::IrqLine)> external{};
};

/// Runs a machine whose upcalls are `bare`.
Outcome run_bare(const MachineOptions& options, BareKernel bare);

}  // namespace host
