// Reading what another hart may be writing, and finding out afterwards whether it was.
#pragma once

#include "base/std.h"

namespace kernel {

/// Before a function that reads such things, and whose result is thrown away if they were written
/// meanwhile: ThreadSanitizer is not to judge it.
#define READS_OPTIMISTICALLY [[gnu::no_sanitize_thread]]

/// Between reading and finding out: all loads before it come before all loads behind it.
inline void fence_after_loads() {
#if defined(__SANITIZE_THREAD__)
    // ThreadSanitizer knows no fences, and runs on processors that keep loads in order.
    asm volatile("" ::: "memory");
#else
    std::atomic_thread_fence(std::memory_order_acquire);
#endif
}

}  // namespace kernel
