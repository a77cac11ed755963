// syscall: the call that a process makes or made at which startsyscall stopped it; else the last calls of its program.
#include "chan/rendered_text.h"
#include "chan/wall_time.h"
#include "devproc/files.h"
#include "devproc/secrets.h"
#include "machine/clock.h"
#include "proc/call_watch.h"
#include "proc/proc_table.h"
#include "proc/tracing.h"

namespace kernel::devproc {

namespace {

/// The last calls of a program, as they were.
struct Calls {
    std::array<machine::KnownCall, machine::kCallRecords> all{};
    usize count = 0;
};

void print(Sink& sink, const Calls& calls) {
    const u64 since_1970 = chan::wall_time().value - machine::now().value;
    for (const machine::KnownCall& call : std::span(calls.all).first(calls.count)) {
        const std::string_view name = proc::name_call(call.number).name;
        format_to(sink, "{} {}", since_1970 + call.time.value, name.empty() ? "?" : name);
        if (call.result) format_to(sink, " = {}", *call.result);
        sink.write("\n");
    }
}

}  // namespace

Result<usize> read_syscall(const Request& request, Bytes out) {
    auto render = [&request](Sink& sink) -> Result<void> {
        Ref<proc::CallText> told;
        const mm::Box<Calls> calls = TRY(mm::Box<Calls>::create());
        {
            const proc::ProcHold hold = proc::table().hold(request.process);
            if (!hold) return Error::kProcessExited;
            hold->assert_held();
            TRY(check_not_private(*hold));
            told = hold->call_text();
            if (!told && hold->space()) {
                hold->show_calls([&calls](const machine::CallRecord& call) {
                    calls->all[calls->count++] = call.known();
                });
            }
        }
        if (told) {
            sink.write(told->text());
        } else {
            print(sink, *calls);
        }
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

}  // namespace kernel::devproc
