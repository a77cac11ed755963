// The functions behind the rows of file_table.cc: one file, or one kind of file, each.
#pragma once

#include "devproc/file_table.h"

namespace kernel::devproc {

// status_file.cc
inline constexpr u64 kStatusSize = 176;
Result<usize> read_status(const Request& request, Bytes out);

// info_file.cc
Result<usize> read_info(const Request& request, Bytes out);

// io_file.cc
Result<usize> read_io(const Request& request, Bytes out);

// limits_file.cc
Result<usize> read_limits(const Request& request, Bytes out);

// relatives_files.cc
Result<usize> read_children(const Request& request, Bytes out);
Result<usize> read_threads(const Request& request, Bytes out);

// kernel_stack_files.cc
Result<usize> read_stack(const Request& request, Bytes out);
Result<usize> read_wchan(const Request& request, Bytes out);

// identity_files.cc: who a process is and to whom it belongs.
Result<usize> read_args(const Request& request, Bytes out);
Result<usize> write_args(const Request& request, ConstBytes data);
Result<usize> read_pid(const Request& request, Bytes out);
Result<usize> read_ppid(const Request& request, Bytes out);
Result<usize> read_noteid(const Request& request, Bytes out);
Result<usize> write_noteid(const Request& request, ConstBytes data);
Result<usize> read_user(const Request& request, Bytes out);

// ctl_file.cc
Result<usize> write_ctl(const Request& request, ConstBytes data);

// descriptor_files.cc
Result<usize> read_fd(const Request& request, Bytes out);
Result<usize> read_ns(const Request& request, Bytes out);
Result<usize> read_cwd(const Request& request, Bytes out);

// strace_files.cc
/// Opening for reading begins the recording of the process's trace, which closing ends. Errors:
/// kProcessExited; kNotTraced; kTraced if somebody reads already.
Result<void> open_strace(chan::Chan& chan, const Opening& opening);
Result<usize> read_strace(const Request& request, Bytes out);
/// A marker, one line. Errors: of proc::Trace::mark().
Result<usize> write_strace(const Request& request, ConstBytes data);
void close_strace(chan::Chan& chan);
Result<usize> read_straceset(const Request& request, Bytes out);
/// Errors: kNotTraced; kBadArg with the word that names nothing.
Result<usize> write_straceset(const Request& request, ConstBytes data);
Result<usize> read_tracepids(const Request& request, Bytes out);

// trace_file.cc
/// Opening takes room for events on every hart, closing gives it back. Errors: kPermission to do anything but read;
/// kAlreadyOpen; kNoMemory.
Result<void> open_trace(chan::Chan& chan, const Opening& opening);
Result<usize> read_trace(const Request& request, Bytes out);
void close_trace(chan::Chan& chan);

// traps_file.cc
Result<usize> read_traps(const Request& request, Bytes out);

// note_files.cc
Result<usize> read_note(const Request& request, Bytes out);
Result<usize> write_note(const Request& request, ConstBytes data);
/// Opening, using and closing a note group: `chan` holds the group, so that it may be written to
/// when the process is gone. Errors: kProcessExited.
Result<void> open_notepg(chan::Chan& chan, const Opening& opening);
Result<usize> write_notepg(const Request& request, ConstBytes data);
void close_notepg(chan::Chan& chan);

// memory_files.cc
Result<usize> read_segment(const Request& request, Bytes out);
Result<usize> read_maps(const Request& request, Bytes out);
Result<usize> read_mem(const Request& request, Bytes out);
Result<usize> write_mem(const Request& request, ConstBytes data);
/// Opening, using and closing a program's file: `chan` keeps it, whatever the process executes
/// next, and gets its name. Errors: kProcessExited; kNotExist if there is none; kNoMemory.
Result<void> open_text(chan::Chan& chan, const Opening& opening);
Result<usize> read_text(const Request& request, Bytes out);
void close_text(chan::Chan& chan);

// core_file.cc
/// Opening, using and closing a core file. Errors: kProcessExited; kPermission; kBadArg without a
/// program; kBadCtl if the process is neither stopped nor Broken; kNoMemory.
Result<void> open_core(chan::Chan& chan, const Opening& opening);
Result<usize> read_core(const Request& request, Bytes out);
void close_core(chan::Chan& chan);

// syscall_file.cc
Result<usize> read_syscall(const Request& request, Bytes out);

// wait_file.cc
Result<usize> read_wait(const Request& request, Bytes out);
u64 wait_length(proc::ProcRef process);

// watchpt_file.cc
/// Opening to truncate it, which is for who writes, watches nothing any more.
Result<void> open_watchpt(chan::Chan& chan, const Opening& opening);
Result<usize> read_watchpt(const Request& request, Bytes out);
Result<usize> write_watchpt(const Request& request, ConstBytes data);
u64 watchpt_length(proc::ProcRef process);

// register_files.cc
/// Words of a register set: x1..x31, pc, status, cause, tval.
inline constexpr usize kRegisterWords = 35;
/// Of floating-point registers: f0..f31, fcsr.
inline constexpr usize kFloatWords = 33;
Result<usize> read_regs(const Request& request, Bytes out);
Result<usize> write_regs(const Request& request, ConstBytes data);
Result<usize> read_fpregs(const Request& request, Bytes out);
Result<usize> write_fpregs(const Request& request, ConstBytes data);
Result<usize> read_kregs(const Request& request, Bytes out);

// profile_file.cc
/// Errors: of proc::profile_of().
Result<usize> read_profile(const Request& request, Bytes out);
u64 profile_length(proc::ProcRef process);

// raw_proc_file.cc
Result<usize> read_proc(const Request& request, Bytes out);

// help_file.cc
Result<usize> read_help(const Request& request, Bytes out);

// stats_file.cc
Result<usize> read_settings(const Request& request, Bytes out);
Result<usize> write_settings(const Request& request, ConstBytes data);
Result<usize> read_stats(const Request& request, Bytes out);

}  // namespace kernel::devproc
