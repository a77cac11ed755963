// The functions behind the rows of message_table.cc.
#pragma once

#include "devproc/control_messages.h"

namespace kernel::devproc {

// messages_for_life.cc: stopping, starting, ending, interrupting; closing descriptors.
Result<void> message_kill(const Command& command);
Result<void> message_stop(const Command& command);
Result<void> message_waitstop(const Command& command);
Result<void> message_start(const Command& command);
Result<void> message_startstop(const Command& command);
Result<void> message_startsyscall(const Command& command);
Result<void> message_interrupt(const Command& command);
Result<void> message_nointerrupt(const Command& command);
Result<void> message_close(const Command& command);
Result<void> message_closefiles(const Command& command);

// messages_for_settings.cc
Result<void> message_private(const Command& command);
Result<void> message_noswap(const Command& command);
Result<void> message_hang(const Command& command);
Result<void> message_nohang(const Command& command);

// messages_for_tracing.cc
Result<void> message_straceme(const Command& command);
Result<void> message_straceall(const Command& command);
Result<void> message_straceoff(const Command& command);
Result<void> message_strace_drop(const Command& command);
Result<void> message_profile(const Command& command);
Result<void> message_trace(const Command& command);
Result<void> message_event(const Command& command);

// messages_for_real_time.cc
Result<void> message_period(const Command& command);
Result<void> message_deadline(const Command& command);
Result<void> message_cost(const Command& command);
Result<void> message_sporadic(const Command& command);
Result<void> message_extra(const Command& command);
Result<void> message_deadlinenotes(const Command& command);
Result<void> message_admit(const Command& command);
Result<void> message_expel(const Command& command);

// settings_file.cc: for all processes.
Result<void> setting_piddelay(const Command& command);
Result<void> setting_randompid(const Command& command);

// messages_for_scheduling.cc
Result<void> message_pri(const Command& command);
Result<void> message_fixedpri(const Command& command);
Result<void> message_wired(const Command& command);

}  // namespace kernel::devproc
