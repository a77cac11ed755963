// What of a process `private` hides: its memory and registers, and whatever shows them.
#pragma once

#include "base/ref.h"
#include "base/result.h"
#include "mm/address_space.h"
#include "proc/proc.h"
#include "proc/proc_ref.h"

namespace kernel::devproc {

/// Whether they may be looked at now. Opening such a file asks too (permission.h), but a process
/// may become private afterwards. Errors: kPermission.
inline Result<void> check_not_private(proc::Proc& process) REQUIRES(process.lock()) {
    return process.attributes().private_memory ? Error::kPermission : Result<void>();
}

/// Whether it is stopped or Broken, so that its program does nothing while it is held.
inline bool is_at_rest(proc::Proc& process) REQUIRES(process.lock()) {
    return process.signals().stopped || process.state() == proc::ProcState::kBroken;
}

/// The memory of the process's program, kept. Context: task, no lock held. Errors: kProcessExited;
/// kPermission; kBadArg if it has none, as it executes kernel code.
Result<Ref<mm::AddressSpace>> keep_memory(proc::ProcRef process);

/// Whether what was copied from `space` meanwhile may be given away: the process is there, has that
/// memory still, and did not become private. Errors: as keep_memory(), and kInUse if it has other
/// memory by now.
Result<void> may_give_away(proc::ProcRef process, const mm::AddressSpace& space);

}  // namespace kernel::devproc
