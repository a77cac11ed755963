// Looking at a process once, for what depends on whose it is.
#include "devproc/target.h"

#include "chan/owner.h"
#include "proc/proc_table.h"

namespace kernel::devproc {

Result<Target> Target::look(proc::ProcRef ref) {
    {
        const proc::ProcHold hold = proc::table().hold(ref);
        if (hold) {
            hold->assert_held();
            const proc::Attributes& attributes = hold->attributes();
            const u64 changes = hold->caller().user_changes();
            return Target{.owner = hold->caller().user(),
                          .user_changes = changes,
                          .mode = attributes.mode,
                          .kernel_process = hold->is_kproc(),
                          .private_memory = attributes.private_memory};
        }
    }
    if (!proc::table().has_record(ref)) return Error::kProcessExited;
    return Target{.owner = chan::host_owner(), .ended = true};
}

proc::ProcRef process_of(const chan::Caller& caller) {
    const proc::ProcHold hold = proc::table().hold(caller.pid());
    if (!hold || hold->id().serial != caller.serial()) return {};
    return hold->ref();
}

}  // namespace kernel::devproc
