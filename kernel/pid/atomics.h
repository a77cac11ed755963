// KernelAtomics: the atomics the Pid hash runs on in the kernel; checkers bring their own.
#pragma once

#include "base/atomic.h"

namespace kernel::pid {

/// The policy BasicPidCells is a template of.
struct KernelAtomics {
    template <class T>
    using Atomic = kernel::Atomic<T>;
    /// The order of a load whose value the reader uses only as (part of) an address.
    static constexpr std::memory_order kOrderByAddress = kernel::kOrderByAddress;
    /// Zero, such that an address it is added to depends on `value`.
    static u64 zero_from(u64 value) { return kernel::zero_from(value); }
};

}  // namespace kernel::pid
