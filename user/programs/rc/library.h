// What rc takes from the C library: system calls, under the names that no C++ header has, and
// memory.
#pragma once

#include "base/std.h"
#include "user/include/abi.h"

extern "C" {
// As libc.h has them without `sys_`: those that return int or long return -1 when they fail.
int sys_chdir(const char* name);
int sys_open(const char* name, int mode);
int sys_create(const char* name, int mode, kernel::u32 permissions);
int sys_close(int fd);
int sys_dup(int from, int to);
int sys_pipe(int fds[2]);
long sys_pwrite(int fd, const void* buffer, long size, long long offset);
long long sys_seek(int fd, long long offset, int from);
int sys_fd2path(int fd, char* buffer, int size);
int sys_remove(const char* name);
int sys_stat(const char* name, unsigned char* record, int size);
int sys_errstr(char* buffer, unsigned size);
int sys_rfork(int flags);
int sys_exec(const char* name, char* const argv[]);
int sys_getpid();
int sys_notify(void (*handler)(Ureg*, char*));
int sys_noted(int how);
[[noreturn]] void sys_exits(const char* status);

void* malloc(kernel::usize size) noexcept;
void free(void* block) noexcept;
[[noreturn]] void abort() noexcept;
}

namespace kernel::shell::user {

/// The offset that means the descriptor's own.
inline constexpr long long kOwnOffset = -1;

/// A broken assertion says so on descriptor 2 and leaves a Broken process. (runtime.cc)
void set_up_panics();

}  // namespace kernel::shell::user
