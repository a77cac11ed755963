// StackPlaces: which places of the kernel area are taken by kernel stacks.
#pragma once

#include "base/annotations.h"
#include "base/result.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/memory.h"
#include "mm/kernel_stack.h"
#include "sync/spin_lock.h"

namespace kernel::mm {

/// The kernel area is cut into places, each a guard page that is never mapped and a stack above it.
/// One bit says whether a place is taken; the bits come in pages, as many as have been needed.
class StackPlaces : Pinned {
public:
    static constexpr usize kStackPages = KernelStack::kSize / kPageSize;
    static constexpr usize kPlaceBytes = KernelStack::kSize + kPageSize;

    constexpr StackPlaces() = default;
    /// Cuts up `area`. Context: boot.
    void initialize(machine::KernelArea area);

    /// A free place; the lowest byte of its stack. Context: no lock of mm held.
    /// Returns: kNoMemory, also when the area is used up.
    Result<VirtAddr> take();
    void give_back(VirtAddr stack);
    /// Whether `address` is in a guard page. Any context.
    bool is_guard(VirtAddr address) const;

private:
    static constexpr u32 kBitsPerPage = kPageSize * 8;
    static constexpr u32 kPagesMax = 256;
    using Words = std::array<u64, kPageSize / sizeof(u64)>;

    /// The number of a free place, now taken; or, in `missing`, the page of bits to add first.
    std::optional<u32> find(u32& missing) REQUIRES(lock_);
    Result<void> add_page(u32 index);

    VirtAddr start_{};  // const after initialize
    u32 count_ = 0;     // const after initialize

    sync::SpinLock<sync::LockRank::kKernelArea> lock_;
    std::array<Words*, kPagesMax> pages_ GUARDED_BY(lock_){};
    u32 first_free_ GUARDED_BY(lock_) = 0;  // no place below is free
};

}  // namespace kernel::mm
