// Control messages that set a flag.
#include "devproc/messages.h"
#include "proc/proc_table.h"
#include "proc/tracing.h"

namespace kernel::devproc {
namespace {

Result<void> set(const Command& command, bool proc::Attributes::* flag, bool value) {
    const proc::ProcHold hold = proc::table().hold(command.process);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    hold->attributes().*flag = value;
    return {};
}

}  // namespace

Result<void> message_private(const Command& command) {
    return proc::make_private(command.process);
}
Result<void> message_noswap(const Command& command) {
    return set(command, &proc::Attributes::no_swap, true);
}
Result<void> message_hang(const Command& command) {
    return set(command, &proc::Attributes::hang, true);
}
Result<void> message_nohang(const Command& command) {
    return set(command, &proc::Attributes::hang, false);
}

}  // namespace kernel::devproc
