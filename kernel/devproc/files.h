// The functions behind the rows of file_table.cc: one file, or one kind of file, each.
#pragma once

#include "devproc/file_table.h"

namespace kernel::devproc {

// status_file.cc
inline constexpr u64 kStatusSize = 176;
Result<usize> read_status(const Request& request, Bytes out);

// identity_files.cc: who a process is and to whom it belongs.
Result<usize> read_args(const Request& request, Bytes out);
Result<usize> write_args(const Request& request, ConstBytes data);
Result<usize> read_pid(const Request& request, Bytes out);
Result<usize> read_ppid(const Request& request, Bytes out);
Result<usize> read_noteid(const Request& request, Bytes out);
Result<usize> write_noteid(const Request& request, ConstBytes data);

// ctl_file.cc
Result<usize> write_ctl(const Request& request, ConstBytes data);

// descriptor_files.cc
Result<usize> read_fd(const Request& request, Bytes out);
Result<usize> read_ns(const Request& request, Bytes out);

// note_files.cc
Result<usize> read_note(const Request& request, Bytes out);
Result<usize> write_note(const Request& request, ConstBytes data);
/// Opening, using and closing a note group: `chan` holds the group, so that it may be written to
/// when the process is gone. Errors: kProcessExited.
Result<void> open_notepg(chan::Chan& chan, proc::ProcRef process);
Result<usize> write_notepg(const Request& request, ConstBytes data);
void close_notepg(chan::Chan& chan);

// wait_file.cc
Result<usize> read_wait(const Request& request, Bytes out);
u64 wait_length(proc::ProcRef process);

// raw_files.cc
/// Words of a register set: x1..x31, pc, status, cause, tval.
inline constexpr usize kRegisterWords = 35;
Result<usize> read_kregs(const Request& request, Bytes out);
Result<usize> read_proc(const Request& request, Bytes out);

// stats_file.cc
Result<usize> read_settings(const Request& request, Bytes out);
Result<usize> write_settings(const Request& request, ConstBytes data);
Result<usize> read_stats(const Request& request, Bytes out);

}  // namespace kernel::devproc
