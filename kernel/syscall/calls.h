// The calls a process makes, in C++: what a kernel-resident process uses directly, and what the trap table will name.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "chan/caller.h"
#include "chan/chan.h"
#include "chan/namespace.h"

/// Every function here acts for the current process. Context: task of a process, interrupts on, no lock held; may block
/// unless it says otherwise. At the end of each, pending stop, kill and notes act (a kernel-resident process may not
/// come back from a call). A blocked call returns kInterrupted when a note arrives. Memory arguments are kernel memory.
namespace kernel::syscall {

// Files (files.cc).

/// Opens `name`; returns the lowest free descriptor. Errors: of the name walk (with the path as detail), of the device.
Result<i32> open(std::string_view name, chan::OpenMode mode);
/// Creates `name`, or truncates it when it exists and may be written.
Result<i32> create(std::string_view name, chan::OpenMode mode, u32 permissions);
Result<void> close(i32 fd);
/// Reads at the descriptor's own offset, which advances by what was read. 0 is the end.
Result<usize> read(i32 fd, Bytes out);
Result<usize> write(i32 fd, ConstBytes data);
/// Reads at `offset`, leaving the descriptor's own alone.
Result<usize> pread(i32 fd, Bytes out, u64 offset);
Result<usize> pwrite(i32 fd, ConstBytes data, u64 offset);
enum class Whence : u8 { kStart, kCurrent, kEnd };
Result<u64> seek(i32 fd, i64 offset, Whence whence);
/// Makes `to` (or the lowest free descriptor when negative) another name of `from`; returns it.
Result<i32> dup(i32 from, i32 to);
/// Two descriptors of a pipe; what is written to one is read from the other.
Result<std::array<i32, 2>> pipe();
/// The name a descriptor was opened by, cut to `out`.
Result<std::string_view> fd2path(i32 fd, std::span<char> out);

// Names (names.cc).

Result<void> chdir(std::string_view name);
Result<void> remove(std::string_view name);
/// The directory entry of `name` or of a descriptor as a 9P stat record; returns its size.
Result<usize> stat(std::string_view name, Bytes out);
Result<usize> fstat(i32 fd, Bytes out);
/// Changes what `record` does not leave alone (a 9P stat record).
Result<void> wstat(std::string_view name, ConstBytes record);
Result<void> bind(std::string_view from, std::string_view onto, u32 flags);
/// Takes `from` (or everything, when empty) off `onto`.
Result<void> unmount(std::string_view from, std::string_view onto);

// Processes (processes.cc).

/// Ends the process. `status` is empty for success; cut to 127 bytes.
[[noreturn]] void exits(std::string_view status);
/// Waits for a child's exit record and writes it as text ("PID UTIME STIME RTIME MSG"); returns the text.
Result<std::string_view> await(std::span<char> out);
/// Changes what the process shares with others (the flags of rfork that do not create a process).
Result<void> rfork(u32 flags);
u32 getpid();
/// Sleeps, or only yields for 0. Errors: kInterrupted.
Result<void> sleep(Nanos time);

// Errors (errors.cc).

/// The text of the last failed call: the error's string with the detail its layer added. Valid until the next call.
std::string_view error_string(Error error);

}  // namespace kernel::syscall
