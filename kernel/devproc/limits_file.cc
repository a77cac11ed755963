// limits: how much a process has of what it may have, and the most.
#include "chan/fd_group.h"
#include "chan/rendered_text.h"
#include "devproc/files.h"
#include "proc/proc_table.h"
#include "proc/wait.h"

namespace kernel::devproc {
namespace {

struct Counts {
    usize notes = 0;
    usize descriptors = 0;
    usize segments = 0;
    u32 records = 0;
};

usize count_descriptors(const chan::FdGroup& fds) {
    usize count = 0;
    std::optional<chan::FdRow> row = fds.next(0);
    for (; row.has_value(); row = fds.next(row->fd + 1)) ++count;
    return count;
}

/// Errors: kProcessExited.
Result<Counts> look(proc::ProcRef process) {
    Counts counts;
    Ref<chan::FdGroup> fds;
    Ref<mm::AddressSpace> space;
    counts.records = proc::waiting_records(process);
    {
        const proc::ProcHold hold = proc::table().hold(process);
        if (!hold) return Error::kProcessExited;
        hold->assert_held();
        counts.notes = hold->signals().notes.size();
        fds = hold->caller().fds();
        space = hold->space();
    }
    if (fds) counts.descriptors = count_descriptors(*fds);
    if (space) counts.segments = space->segment_count();
    return counts;
}

void put(Sink& sink, std::string_view name, u64 used, u64 most) {
    format_to(sink, "{} {} {}\n", name, used, most);
}

}  // namespace

Result<usize> read_limits(const Request& request, Bytes out) {
    auto render = [&request](Sink& sink) -> Result<void> {
        const Counts counts = TRY(look(request.process));
        put(sink, "notes", counts.notes, proc::kNotesQueued);
        put(sink, "records", counts.records, proc::kRecordsKept);
        put(sink, "descriptors", counts.descriptors, chan::kFdMax);
        put(sink, "segments", counts.segments, mm::AddressSpace::kSegmentsMax);
        const proc::TableCounts table = proc::table().counts();
        put(sink, "processes", table.live, table.limit);
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

}  // namespace kernel::devproc
