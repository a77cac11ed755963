// KernelStack: a kernel stack in the kernel area, with an unmapped guard page below it.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/context.h"

namespace kernel::mm {

/// Move-only owner of a kernel stack. Freed stacks are kept mapped for the next create(), up to a
/// sixteenth of memory and until memory is short; what exceeds that is unmapped on all harts, some
/// at a time, before its pages are freed.
class KernelStack {
public:
    static constexpr usize kSize = machine::kKernelStackSize;

    /// No stack.
    constexpr KernelStack() = default;
    /// A stack of kSize bytes, contents unspecified.
    /// Context: task or boot, no spin lock held. Locks: kernel area, those of allocate_page.
    /// Returns: kNoMemory.
    /// Cost: O(1) when one is cached, else mapping kSize.
    static Result<KernelStack> create();

    KernelStack(KernelStack&& other) noexcept : base_(std::exchange(other.base_, VirtAddr{})) {}
    KernelStack& operator=(KernelStack&& other) noexcept {
        std::swap(base_, other.base_);
        return *this;
    }
    /// Nobody runs on it any more. Context: any (also the reap callback of sched), not on itself.
    ~KernelStack() {
        if (base_.value != 0) give_back(base_);
    }

    explicit operator bool() const { return base_.value != 0; }
    /// The stack's memory, for sched::TaskOptions; empty if there is none.
    Bytes bytes() const { return base_.value == 0 ? Bytes{} : Bytes{base_.as<std::byte>(), kSize}; }

private:
    explicit KernelStack(VirtAddr base) : base_(base) {}
    static void give_back(VirtAddr base);

    VirtAddr base_{};  // lowest byte; 0: none
};

/// Whether `address` lies in the guard page of a place for stacks: the fault there is a kernel
/// stack overflow. Context: any, also a fault handler.
bool is_stack_guard(VirtAddr address);

}  // namespace kernel::mm
