// wait: how a parent, or whoever reads /proc/n/wait, gets the records of processes that ended.
#pragma once

#include "base/fixed_string.h"
#include "base/result.h"
#include "base/std.h"
#include "proc/limits.h"
#include "proc/proc_ref.h"

namespace kernel::proc {

/// What is left of a process that ended. Times are in milliseconds.
struct WaitRecord {
    ProcId id;                      // all zero in the record that counts lost ones
    u64 user_ms = 0;                // with those of its own ended children
    u64 system_ms = 0;              // the same
    u64 real_ms = 0;                // from its creation to its end
    FixedString<kNoteMax> message;  // empty, or "TEXT PID: STATUS", or "lost N"
};

/// Waits for a child of the current process to end; takes its record, the newest first.
/// Context: task of a process, interrupts on, no lock held. May block.
/// Errors:  kNoLivingChildren if there is neither record nor child to wait for; kInUse if
///          somebody else waits for the same records; kInterrupted.
Result<WaitRecord> wait();

/// The same for the children of another process (for the reader of /proc/n/wait), which blocks
/// also when that process has no children.
/// Errors:  kProcessExited if `parent` is gone or goes; kInUse; kInterrupted.
Result<WaitRecord> wait_of(ProcRef parent);

/// How many records of `parent` wait to be read; 0 if it is gone. Any context.
u32 waiting_records(ProcRef parent);

/// Writes "PID UTIME STIME RTIME MSG", the message in rc quoting; returns the text, cut to `out`.
std::string_view render_wait_record(const WaitRecord& record, std::span<char> out);

/// Room for any record as text: four numbers, and a message whose every byte is a quote.
inline constexpr usize kWaitTextMax = 4 * 21 + 2 * kNoteMax + 2;

}  // namespace kernel::proc
