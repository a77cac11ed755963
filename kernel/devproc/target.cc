// Looking at a process once, for what depends on whose it is.
#include "devproc/target.h"

#include "chan/owner.h"
#include "proc/proc_table.h"

namespace kernel::devproc {

Target Target::of(proc::Proc& process) {
    const proc::Attributes& attributes = process.attributes();
    const u64 changes = process.caller().user_changes();
    return {.owner = process.caller().user(),
            .user_changes = changes,
            .mode = attributes.mode,
            .kernel_process = process.is_kproc(),
            .private_memory = attributes.private_memory};
}

Result<Target> Target::look(proc::ProcRef ref) {
    {
        const proc::ProcHold hold = proc::table().hold(ref);
        if (hold) {
            hold->assert_held();
            return of(*hold);
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
