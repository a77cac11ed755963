// What of a process `private` hides: its memory and registers, and whatever shows them.
#pragma once

#include "base/ref.h"
#include "base/result.h"
#include "devproc/file_table.h"
#include "mm/address_space.h"
#include "proc/proc.h"
#include "proc/proc_ref.h"

namespace kernel::devproc {

/// Whether they may be looked at now. Opening such a file asks too (permission.h), but a process
/// may become private afterwards. Errors: kPermission.
inline Result<void> check_not_private(proc::Proc& process) REQUIRES(process.lock()) {
    return process.attributes().private_memory ? Error::kPermission : Result<void>();
}

/// Whether what `request` asks for may still be written: the process is not private and was given
/// to nobody else since it was asked. Errors: kPermission.
inline Result<void> check_may_write(const Request& request, proc::Proc& process)
    REQUIRES(process.lock()) {
    if (process.caller().user_changes() != request.user_changes) return Error::kPermission;
    return check_not_private(process);
}

/// Whether it is stopped or Broken, so that its program does nothing while it is held.
inline bool is_at_rest(proc::Proc& process) REQUIRES(process.lock()) {
    return process.signals().stopped || process.state() == proc::ProcState::kBroken;
}

/// The memory of the process's program, kept. Context: task, no lock held. Errors: kProcessExited;
/// kPermission; kBadArg if it has none, as it executes kernel code.
Result<Ref<mm::AddressSpace>> keep_memory(proc::ProcRef process);

/// Whether what was copied from `space` meanwhile is the process's memory still. Errors:
/// kProcessExited; kInUse if it has other memory by now.
Result<void> check_same_memory(proc::ProcRef process, const mm::AddressSpace& space);

}  // namespace kernel::devproc
