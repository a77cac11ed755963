// fd, ns and cwd: what a process has open, and what its names mean.
#include "chan/rendered_text.h"
#include "devproc/files.h"
#include "proc/proc_table.h"

namespace kernel::devproc {
namespace {

using PrintRecord = Result<u64> (*)(const chan::Caller& target, u64 cursor, Sink& sink);

/// Errors: kProcessExited.
Result<proc::Proc*> find(proc::ProcRef process) {
    const proc::ProcHold hold = proc::table().hold(process);
    return hold ? Result(&*hold) : Error::kProcessExited;
}

/// Records are printed without a hold, because printing sleeps; the slot may be another's by then.
/// So the process must be there after it too: before that nothing reaches the reader.
Result<usize> read_from_caller(const Request& request, Bytes out, PrintRecord print) {
    auto render = [&](u64 cursor, Sink& sink) -> Result<u64> {
        proc::Proc* process = TRY(find(request.process));
        const u64 next = TRY(print(process->caller(), cursor, sink));
        TRY(find(request.process));
        return next;
    };
    return chan::read_records(request.chan, out, request.offset, render);
}

}  // namespace

Result<usize> read_fd(const Request& request, Bytes out) {
    return read_from_caller(request, out, chan::print_fd_record);
}

Result<usize> read_ns(const Request& request, Bytes out) {
    return read_from_caller(request, out, chan::print_ns_record);
}

Result<usize> read_cwd(const Request& request, Bytes out) {
    auto render = [&request](Sink& sink) -> Result<void> {
        Ref<chan::Chan> dot;
        {
            const proc::ProcHold hold = proc::table().hold(request.process);
            if (hold) dot = hold->caller().dot();
        }
        if (!dot) return Error::kProcessExited;
        dot->path()->write_to(sink);
        sink.write("\n");
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

}  // namespace kernel::devproc
