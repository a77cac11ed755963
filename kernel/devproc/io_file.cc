// io: what a process has read and written.
#include "chan/rendered_text.h"
#include "devproc/files.h"
#include "devproc/secrets.h"
#include "proc/proc_table.h"

namespace kernel::devproc {

Result<usize> read_io(const Request& request, Bytes out) {
    auto render = [&request](Sink& sink) -> Result<void> {
        chan::IoCounts::Numbers counts;
        {
            const proc::ProcHold hold = proc::table().hold(request.process);
            if (!hold) return Error::kProcessExited;
            hold->assert_held();
            TRY(check_not_private(*hold));
            counts = hold->caller().io().numbers();
        }
        format_to(sink, "reads {}\nread_bytes {}\nwrites {}\nwritten_bytes {}\n", counts.reads,
                  counts.read_bytes, counts.writes, counts.written_bytes);
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

}  // namespace kernel::devproc
