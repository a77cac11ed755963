// What a suspended flow is on the host: a saved stack pointer, and what the sanitizers want to
// know.
#pragma once

#include "base/std.h"
#include "base/units.h"

namespace kernel::machine {

/// See machine/context.h.
struct ContextStorage {
    /// Host frames are bigger than the kernel's, above all under the sanitizers and GoogleTest.
    static constexpr usize kStackSize = 256 * kKiB;

    void* stack_pointer = nullptr;  // where the callee-saved registers were pushed
    void* fiber = nullptr;          // ThreadSanitizer's name for the flow
    void* fake_stack = nullptr;     // AddressSanitizer's
    const void* stack_bottom = nullptr;
    usize stack_size = 0;
};

}  // namespace kernel::machine
