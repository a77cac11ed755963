// Taking hold of a process.
#include "proc/hold.h"

namespace kernel::proc {

ProcHold::ProcHold(Proc* proc, const ProcRef* ref) {
    if (proc == nullptr) return;
    guard_.emplace(proc->lock());
    if (!proc->is_visible() || (ref != nullptr && proc->ref() != *ref)) {
        guard_.reset();
        return;
    }
    proc_ = proc;
}

void ProcHold::release() {
    proc_ = nullptr;
    guard_.reset();
}

}  // namespace kernel::proc
