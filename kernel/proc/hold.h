// ProcHold: the right to look at a process: its spin lock, taken and the process found the same.
#pragma once

#include "base/std.h"
#include "proc/proc.h"
#include "sync/spin_lock.h"

namespace kernel::proc {

/// Holds a process for its life, if it was still there. Under it the process is visible, keeps its
/// number, and its fields are consistent; copy what you need, then let go. It is a spin lock:
/// sleeping, closing a channel or touching user memory under it stops the kernel. Made by
/// ProcTable::hold().
class [[nodiscard]] ProcHold : Pinned {
public:
    /// Locks `proc`, and keeps the lock if it is the process that `ref` names (any that is visible,
    /// if `ref` is null).
    ProcHold(Proc* proc, const ProcRef* ref);

    /// Whether the process was there.
    explicit operator bool() const { return proc_ != nullptr; }
    Proc& operator*() const {
        ASSERT(proc_ != nullptr);
        return *proc_;
    }
    Proc* operator->() const { return &**this; }
    /// Lets go early.
    void release();

private:
    std::optional<sync::IrqSaveGuard> guard_;
    Proc* proc_ = nullptr;
};

}  // namespace kernel::proc
