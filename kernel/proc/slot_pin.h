// SlotPin: keeps a slot from being used again while somebody sleeps on something in it.
#pragma once

#include "base/std.h"
#include "proc/proc.h"

namespace kernel::proc {

/// Does not keep the process: only its slot, which stays out of use until the pin goes.
/// Context: any without spin locks above the process's.
class [[nodiscard]] SlotPin : Pinned {
public:
    /// Pins the slot of `ref`, if that process is still there.
    explicit SlotPin(ProcRef ref);
    ~SlotPin();

    explicit operator bool() const { return proc_ != nullptr; }
    Proc& operator*() const { return *proc_; }

private:
    Proc* proc_ = nullptr;
};

}  // namespace kernel::proc
