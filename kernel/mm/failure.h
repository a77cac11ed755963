// Failure injection: tests make any allocation fail.
#pragma once

#include "base/assert.h"
#include "base/atomic.h"
#include "base/std.h"

namespace kernel::mm {

/// Whether the allocation of `bytes` bytes about to be made shall fail. Called by every allocation
/// of pages and objects in debug builds, in its context; an object that needs a new slab asks again
/// for its pages. An injected failure is not reclaimed for.
using FailureHook = bool (*)(usize bytes);

/// Sets the hook; null for none. Release builds have none and ignore it. Context: tests.
void set_failure_hook(FailureHook hook);

namespace detail {
extern Atomic<FailureHook> failure_hook;  // atomic: set by tests while nothing allocates

/// Whether this allocation shall fail. Cost: nothing in release builds, else one load.
inline bool injected_failure(usize bytes) {
    if constexpr (kDebug) {
        // relaxed: tests change the hook while nothing else runs.
        const FailureHook hook = failure_hook.load(std::memory_order_relaxed);
        return hook != nullptr && hook(bytes);
    }
    return false;
}
/// Whether any may be.
inline bool failures_are_injected() {
    // relaxed: as above.
    return kDebug && failure_hook.load(std::memory_order_relaxed) != nullptr;
}
}  // namespace detail
}  // namespace kernel::mm
