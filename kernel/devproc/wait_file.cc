// /proc/n/wait: the exit records of a process's children.
#include "devproc/files.h"
#include "proc/proc_table.h"
#include "proc/wait.h"

namespace kernel::devproc {

Result<usize> read_wait(const Request& request, Bytes out) {
    const proc::WaitRecord record = TRY(proc::wait_of(request.process));
    std::array<char, proc::kWaitTextMax> text;
    const std::string_view rendered = proc::render_wait_record(record, text);
    const usize size = std::min(rendered.size(), out.size());
    std::copy_n(rendered.data(), size, reinterpret_cast<char*>(out.data()));  // `out` may be null
    return size;
}

u64 wait_length(proc::ProcRef process) { return proc::waiting_records(process); }

}  // namespace kernel::devproc
