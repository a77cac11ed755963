// syscall: the call that a traced process makes, or made.
#include "chan/rendered_text.h"
#include "devproc/files.h"
#include "devproc/secrets.h"
#include "proc/call_watch.h"
#include "proc/proc_table.h"

namespace kernel::devproc {

Result<usize> read_syscall(const Request& request, Bytes out) {
    auto render = [&request](Sink& sink) -> Result<void> {
        Ref<proc::CallText> told;
        {
            const proc::ProcHold hold = proc::table().hold(request.process);
            if (!hold) return Error::kProcessExited;
            hold->assert_held();
            TRY(check_not_private(*hold));
            told = hold->call_text();
        }
        if (told) sink.write(told->text());
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

}  // namespace kernel::devproc
