// Looking at memory that its process may hide at any moment.
#include "devproc/secrets.h"

#include "proc/proc_table.h"

namespace kernel::devproc {

Result<Ref<mm::AddressSpace>> keep_memory(proc::ProcRef process) {
    const proc::ProcHold hold = proc::table().hold(process);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    TRY(check_not_private(*hold));
    Ref<mm::AddressSpace> space = hold->space();
    if (!space) return Error::kBadArg;
    return space;
}

Result<void> check_same_memory(proc::ProcRef process, const mm::AddressSpace& space) {
    const proc::ProcHold hold = proc::table().hold(process);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    return hold->my_space() == &space ? Result<void>() : Error::kInUse;
}

}  // namespace kernel::devproc
