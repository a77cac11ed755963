// Control messages that begin, change and end tracing: of calls, of what the scheduler does, and profiles.
#include "base/text.h"
#include "devproc/messages.h"
#include "proc/proc_table.h"
#include "proc/profile.h"
#include "proc/tracing.h"
#include "sched/event_log.h"

namespace kernel::devproc {

Result<void> message_straceme(const Command& command) {
    return proc::start_trace(command.process, false);
}
Result<void> message_straceall(const Command& command) {
    return proc::start_trace(command.process, true);
}
Result<void> message_straceoff(const Command& command) { return proc::stop_trace(command.process); }

Result<void> message_strace_drop(const Command& command) {
    const std::string_view word = command.arguments[0];
    if (word != "on" && word != "off") return Error::kBadArg;
    const Ref<proc::Trace> trace = TRY(proc::trace_of(command.process));
    trace->set_dropping(word == "on");
    return {};
}

Result<void> message_profile(const Command& command) {
    return proc::start_profile(command.process);
}

Result<void> message_trace(const Command& command) {
    if (command.arguments.size() > 1) return Error::kTraceArgs;
    const proc::ProcHold hold = proc::table().hold(command.process);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    sched::Task& task = hold->task();
    const bool on = command.arguments.empty() ? task.traced() == 0
                                              : parse_leading_number(command.arguments[0]) != 0;
    task.set_traced(on ? command.process.pid : 0);
    return {};
}

Result<void> message_event(const Command& command) {
    (void)command;  // it is of the writer, whosever ctl this is
    sched::record_user_event();
    return {};
}

}  // namespace kernel::devproc
