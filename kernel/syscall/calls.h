// The calls a process makes, in C++: what a kernel-resident process uses, and what the trap table
// will name.
#pragma once

#include "base/fixed_string.h"
#include "base/result.h"
#include "base/std.h"
#include "base/units.h"
#include "chan/file.h"
#include "chan/namespace.h"
#include "chan/open_mode.h"
#include "chan/qid.h"
#include "chan/stat.h"
#include "proc/wait.h"

/// Every function here acts for the current process.
/// Context: task of a process, interrupts on, no lock held; may block unless it says otherwise. At
/// the end of each, pending stop, kill and notes act. A blocked call returns kInterrupted when a
/// note arrives, and so does any call but close() and exits() of a process that was told to end and
/// unwinds (proc::is_unwinding()). Buffers are kernel memory.
namespace kernel::syscall {

// Files (files.cc).

/// Opens `name`; returns the lowest free descriptor. Errors: of the name walk (with the path as
/// detail), of the device.
Result<i32> open(std::string_view name, chan::OpenMode mode);
/// Creates `name`, or truncates it when it exists and may be written.
Result<i32> create(std::string_view name, chan::OpenMode mode, u32 permissions);
Result<void> close(i32 fd);
/// Reads at `offset`; without one at the descriptor's own, which advances by what was read. 0 is
/// the end.
Result<usize> read(i32 fd, Bytes out, std::optional<u64> offset = {});
Result<usize> write(i32 fd, ConstBytes data, std::optional<u64> offset = {});
Result<u64> seek(i32 fd, i64 distance, chan::Whence whence);
/// Makes `to` (or the lowest free descriptor when negative) another name of `from`; returns it.
Result<i32> dup(i32 from, i32 to);
/// Two descriptors of a pipe; what is written to one is read from the other.
Result<std::array<i32, 2>> pipe();
/// The name a descriptor was opened by, cut to `out`.
Result<std::string_view> fd2path(i32 fd, std::span<char> out);

// Names (names.cc).

Result<void> chdir(std::string_view name);
Result<void> remove(std::string_view name);
/// The directory entry of `name`, or of a descriptor.
Result<void> stat(std::string_view name, chan::Stat& out);
Result<void> fstat(i32 fd, chan::Stat& out);
/// Changes what `record`, a 9P stat record, does not leave alone.
Result<void> wstat(std::string_view name, ConstBytes record);
/// The same for a descriptor.
Result<void> fwstat(i32 fd, ConstBytes record);
/// Makes `onto` show what `from` names; returns the mount's id. Flags are chan::kMRepl and its
/// like.
Result<u64> bind(std::string_view from, std::string_view onto, u32 flags);
/// Takes `from` (or everything, when empty) off `onto`.
Result<void> unmount(std::string_view from, std::string_view onto);

// Processes (processes.cc).

/// Ends the process. `status` is empty for success; cut to 127 bytes.
[[noreturn]] void exits(std::string_view status);
/// Waits for a child to end and takes its record. Errors: kNoLivingChildren, kInUse, kInterrupted.
Result<proc::WaitRecord> wait();
/// The bits of rfork. Plan 9's numbers.
inline constexpr u32 kRfNameg = 1 << 0;
inline constexpr u32 kRfEnvg = 1 << 1;
inline constexpr u32 kRfFdg = 1 << 2;
inline constexpr u32 kRfNoteg = 1 << 3;
inline constexpr u32 kRfProc = 1 << 4;
inline constexpr u32 kRfMem = 1 << 5;
inline constexpr u32 kRfNowait = 1 << 6;
inline constexpr u32 kRfCnameg = 1 << 10;
inline constexpr u32 kRfCenvg = 1 << 11;
inline constexpr u32 kRfCfdg = 1 << 12;
inline constexpr u32 kRfRend = 1 << 13;
inline constexpr u32 kRfNomnt = 1 << 14;
/// Ours, all with kRfProc. With kRfMem: the maker waits until the child has executed a program or
/// ended.
inline constexpr u32 kRfPpwait = 1 << 16;
/// With kRfMem: the stack is shared as well.
inline constexpr u32 kRfThread = 1 << 17;
/// The child is stopped.
inline constexpr u32 kRfStop = 1 << 21;
/// Changes what the process shares with others. Errors: kBadArg for contradictory flags, and for
/// those that only make sense for a new process.
Result<void> rfork(u32 flags);
/// The same for a program: with kRfProc its copy comes to life, in which the call returns 0; here
/// it returns the copy's number. Errors: as rfork() and proc::spawn(); kBadForkFlags for
/// contradictory flags of ours.
Result<u64> rfork_program(u32 flags);
u32 getpid();
/// Sleeps, or only yields for 0. Errors: kInterrupted.
Result<void> sleep(Nanos time);

// Errors (errors.cc).

using ErrorString = FixedString<kErrorTextMax>;
/// The text of the call that just failed with `error`: the error's string with the detail its layer
/// added.
ErrorString error_string(Error error);

}  // namespace kernel::syscall
