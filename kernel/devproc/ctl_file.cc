// Writing to /proc/n/ctl.
#include "devproc/control_messages.h"
#include "devproc/files.h"
#include "proc/proc_table.h"

namespace kernel::devproc {

Result<usize> write_ctl(const Request& request, ConstBytes data) {
    {
        // Whoever is gone says so before the message is looked at.
        const proc::ProcHold hold = proc::table().hold(request.process);
        if (!hold) return Error::kProcessExited;
    }
    TRY(obey(request.caller, request.process, as_text(data)));
    return data.size();
}

}  // namespace kernel::devproc
