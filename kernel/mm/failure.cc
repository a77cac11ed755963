// The failure hook.
#include "mm/failure.h"

namespace kernel::mm {

constinit Atomic<FailureHook> detail::failure_hook{nullptr};

void set_failure_hook(FailureHook hook) {
    // relaxed: set while nothing allocates.
    detail::failure_hook.store(hook, std::memory_order_relaxed);
}

}  // namespace kernel::mm
