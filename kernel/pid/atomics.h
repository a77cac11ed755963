// KernelAtomics: the atomics the Pid hash runs on in the kernel; checkers bring their own.
#pragma once

#include "base/atomic.h"

namespace kernel::pid {

/// The policy BasicPidCells is a template of.
struct KernelAtomics {
    template <class T>
    using Atomic = kernel::Atomic<T>;
};

}  // namespace kernel::pid
