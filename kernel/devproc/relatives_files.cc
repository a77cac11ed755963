// children and threads: who belongs to a process. Both look at every process there is.
#include "chan/rendered_text.h"
#include "devproc/files.h"
#include "devproc/state_word.h"
#include "proc/proc_table.h"
#include "proc/self.h"

namespace kernel::devproc {
namespace {

/// Prints a line for each process, in the order of the table, of which `look(process)`, under a
/// hold, says something. Errors: kProcessExited if the one that is asked about is gone at the end:
/// only as long as it is there, its number is its own.
template <class Look>
Result<void> print_processes(Sink& sink, proc::ProcRef asked, Look&& look) {
    std::array<char, 128> line;
    proc::ProcTable::Cursor cursor;
    while (const std::optional<proc::ProcRef> next = proc::table().next(cursor)) {  // ends with
        sched::yield_if_wanted();                                                   // the table
        BufferSink text(line);
        {
            const proc::ProcHold hold = proc::table().hold(*next);
            if (!hold) continue;
            hold->assert_held();
            look(*hold, text);
        }
        sink.write(text.text());
    }
    return proc::table().hold(asked) ? Result<void>() : Error::kProcessExited;
}

void put_thread(Sink& sink, proc::Proc& process) REQUIRES(process.lock()) {
    const sched::Task& task = process.task();
    const sched::TaskTimes times = task.times();
    format_to(sink, "{} {} {} {} {} {}\n", process.id().pid, state_word(process), task.hart(),
              task.priority(), times.user.millis(), times.system.millis());
}

/// Its memory, kept; null if it executes kernel code. Errors: kProcessExited.
Result<Ref<mm::AddressSpace>> memory_of(proc::ProcRef process) {
    const proc::ProcHold hold = proc::table().hold(process);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    return hold->space();
}

}  // namespace

Result<usize> read_children(const Request& request, Bytes out) {
    auto render = [&request](Sink& sink) -> Result<void> {
        return print_processes(sink, request.process, [&request](proc::Proc& process, Sink& line) {
            if (proc::parent_pid(process) == request.process.pid) {
                format_to(line, "{}\n", process.id().pid);
            }
        });
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

Result<usize> read_threads(const Request& request, Bytes out) {
    auto render = [&request](Sink& sink) -> Result<void> {
        const Ref<mm::AddressSpace> space = TRY(memory_of(request.process));
        return print_processes(sink, request.process, [&](proc::Proc& process, Sink& line) {
            process.assert_held();
            const bool shares =
                space && process.my_space() != nullptr && process.my_space()->has_data_of(*space);
            if (shares || process.ref() == request.process) put_thread(line, process);
        });
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

}  // namespace kernel::devproc
