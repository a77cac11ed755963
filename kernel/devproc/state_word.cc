// What a process does, in a word.
#include "devproc/state_word.h"

namespace kernel::devproc {

std::string_view state_word(proc::Proc& process) {
    const proc::Signals& signals = process.signals();
    if (signals.unstarted) return "Created";
    if (signals.stopped) return task_state_name(sched::TaskState::kStopped);
    if (process.state() == proc::ProcState::kBroken) {
        return task_state_name(sched::TaskState::kBroken);
    }
    if (sched::waits_for_period(process.task())) {
        return task_state_name(sched::TaskState::kWaitrelease);
    }
    const std::string_view reason = process.task().wait_reason();
    return reason.empty() ? task_state_name(process.task().state()) : reason;
}

}  // namespace kernel::devproc
