// The rows of the table: each takes a program's arguments, as registers, to the call of its name.
#pragma once

#include "base/std.h"

namespace kernel::syscall::rows {

/// All have the same shape, so that the trap entry can call any; those that use fewer arguments
/// leave the others alone. The result is what the program finds in a0.
#define KERNEL_SYSCALL_ROW(name) i64 name(u64 a0, u64 a1, u64 a2, u64 a3, u64 a4, u64 a5)

// Files (files.cc).
KERNEL_SYSCALL_ROW(open);
KERNEL_SYSCALL_ROW(create);
KERNEL_SYSCALL_ROW(close);
KERNEL_SYSCALL_ROW(dup);
KERNEL_SYSCALL_ROW(pread);
KERNEL_SYSCALL_ROW(pwrite);
KERNEL_SYSCALL_ROW(seek);
KERNEL_SYSCALL_ROW(oseek);
KERNEL_SYSCALL_ROW(pipe);
KERNEL_SYSCALL_ROW(fd2path);

// Names (names.cc).
KERNEL_SYSCALL_ROW(bind);
KERNEL_SYSCALL_ROW(unmount);
KERNEL_SYSCALL_ROW(chdir);
KERNEL_SYSCALL_ROW(remove);
KERNEL_SYSCALL_ROW(stat);
KERNEL_SYSCALL_ROW(fstat);
KERNEL_SYSCALL_ROW(wstat);
KERNEL_SYSCALL_ROW(fwstat);

// Mounting file servers (mounts.cc).
KERNEL_SYSCALL_ROW(mount);
KERNEL_SYSCALL_ROW(fauth);
KERNEL_SYSCALL_ROW(fversion);

// Processes (processes.cc).
KERNEL_SYSCALL_ROW(sysr1);
KERNEL_SYSCALL_ROW(exec);
KERNEL_SYSCALL_ROW(exits);
KERNEL_SYSCALL_ROW(rfork);
KERNEL_SYSCALL_ROW(await);
KERNEL_SYSCALL_ROW(sleep);
KERNEL_SYSCALL_ROW(errstr);
KERNEL_SYSCALL_ROW(getpid);
KERNEL_SYSCALL_ROW(nsec);

// Meeting others (meetings.cc).
KERNEL_SYSCALL_ROW(rendezvous);
KERNEL_SYSCALL_ROW(semacquire);
KERNEL_SYSCALL_ROW(tsemacquire);
KERNEL_SYSCALL_ROW(semrelease);

// Notes (notes.cc).
KERNEL_SYSCALL_ROW(alarm);
KERNEL_SYSCALL_ROW(notify);
KERNEL_SYSCALL_ROW(noted);

// Memory (memory.cc).
KERNEL_SYSCALL_ROW(brk);
KERNEL_SYSCALL_ROW(segbrk);
KERNEL_SYSCALL_ROW(segattach);
KERNEL_SYSCALL_ROW(segdetach);
KERNEL_SYSCALL_ROW(segfree);
KERNEL_SYSCALL_ROW(segflush);

/// What every number without a call does: a note and kBadArg.
KERNEL_SYSCALL_ROW(unknown);

}  // namespace kernel::syscall::rows
