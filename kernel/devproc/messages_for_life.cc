// Control messages that stop, start, end and interrupt, and that close descriptors.
#include "base/text.h"
#include "chan/fd_group.h"
#include "devproc/messages.h"
#include "proc/control.h"
#include "proc/proc_table.h"

namespace kernel::devproc {
namespace {

/// The process's descriptors, taken out of the hold, because closing sleeps. Errors:
/// kProcessExited, also while it ends.
Result<Ref<chan::FdGroup>> descriptors(const Command& command) {
    Ref<chan::FdGroup> fds;
    {
        const proc::ProcHold hold = proc::table().hold(command.process);
        if (hold) fds = hold->caller().fds();
    }
    if (!fds) return Error::kProcessExited;
    return fds;
}

}  // namespace

Result<void> message_kill(const Command& command) { return proc::kill(command.process); }
Result<void> message_stop(const Command& command) { return proc::stop(command.process); }
Result<void> message_waitstop(const Command& command) {
    return proc::wait_stopped(command.process);
}
Result<void> message_start(const Command& command) { return proc::start(command.process); }
Result<void> message_startstop(const Command& command) {
    return proc::start_to_note(command.process);
}
Result<void> message_startsyscall(const Command& command) {
    return proc::start_to_call(command.process);
}
Result<void> message_interrupt(const Command& command) { return proc::interrupt(command.process); }
Result<void> message_nointerrupt(const Command& command) {
    return proc::clear_interrupt(command.process);
}

Result<void> message_close(const Command& command) {
    const i64 fd = parse_leading_number(command.arguments[0]);
    if (fd < 0) return Error::kBadFd;
    const Ref<chan::FdGroup> fds = TRY(descriptors(command));
    if (fd >= static_cast<i64>(chan::kFdMax)) return {};
    (void)fds->close(static_cast<i32>(fd));  // ignored: one that is not open needs no closing
    return {};
}

Result<void> message_closefiles(const Command& command) {
    TRY(descriptors(command))
    ->close_all();
    return {};
}

}  // namespace kernel::devproc
