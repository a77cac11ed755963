// Semaphores of programs: words in user memory that processes take from and add to.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "base/units.h"
#include "mm/address_space.h"

namespace kernel::proc {

/// Takes one from the semaphore at `at` of the current program. If there is none: false when
/// `deadline` (a machine::now() value) has passed, else waits for it. Context: task of a process
/// with a program, no lock held. Errors: kBadArg if it is not an aligned word that may be written,
/// or is negative; kInterrupted.
Result<bool> acquire_semaphore(VirtAddr at, Nanos deadline);
inline constexpr Nanos kNoWait{0};
inline constexpr Nanos kWaitForEver{~u64{0}};

/// Adds `count` to it, wakes as many, and returns what it holds then. Errors: kBadArg, also if
/// `count` is negative or the sum too large.
Result<u64> release_semaphore(VirtAddr at, i32 count);

/// Lets those of the program in `space` who wait look again where their semaphore is: a fork made
/// what it lies in common to several spaces, or this one's own again. Context: task, no lock held.
void semaphores_moved(const mm::AddressSpace& space);

/// Forgets all waiters. Context: boot.
void reset_semaphores();

}  // namespace kernel::proc
