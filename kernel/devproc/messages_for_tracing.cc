// Control messages that begin, change and end the tracing of calls.
#include "devproc/messages.h"
#include "proc/tracing.h"

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

}  // namespace kernel::devproc
