// The functions behind the rows of #c, by what they are about.
#pragma once

#include "dev/cons/cons_file.h"

namespace kernel::dev::cons {

using chan::Caller;

// terminal_files.cc
Result<usize> read_cons(Bytes out);
Result<usize> write_cons(ConstBytes data);
/// Blank-separated words: `rawon`, `rawoff`, `intron`, `introff`, `crlfon`, `crlfoff`,
/// `foreground`. Errors: kUnknownCtl, kEmptyCtl.
Result<void> command_consctl(Caller& caller, std::string_view text);
Result<void> render_kmesg(Caller& caller, Sink& sink);

// stream_files.cc
Result<usize> read_null(Bytes out);
Result<usize> write_null(ConstBytes data);
Result<usize> read_zero(Bytes out);
Result<usize> read_random(Bytes out);

// identity_files.cc
Result<void> render_pid(Caller& caller, Sink& sink);
Result<void> render_ppid(Caller& caller, Sink& sink);
Result<void> render_pgrpid(Caller& caller, Sink& sink);
Result<void> render_user(Caller& caller, Sink& sink);
Result<void> command_user(Caller& caller, std::string_view text);
Result<void> render_hostowner(Caller& caller, Sink& sink);
Result<void> command_hostowner(Caller& caller, std::string_view text);
Result<void> render_hostdomain(Caller& caller, Sink& sink);
Result<void> command_hostdomain(Caller& caller, std::string_view text);
Result<void> render_sysname(Caller& caller, Sink& sink);
Result<void> command_sysname(Caller& caller, std::string_view text);
Result<void> render_osversion(Caller& caller, Sink& sink);

// clock_files.cc
Result<void> render_time(Caller& caller, Sink& sink);
Result<void> command_time(Caller& caller, std::string_view text);
Result<void> render_bintime(Caller& caller, Sink& sink);
Result<usize> write_bintime(ConstBytes data);
Result<void> render_msec(Caller& caller, Sink& sink);
Result<void> render_cputime(Caller& caller, Sink& sink);

// machine_files.cc
Result<void> render_drivers(Caller& caller, Sink& sink);
Result<void> render_sysstat(Caller& caller, Sink& sink);
Result<void> render_swap(Caller& caller, Sink& sink);
/// What may be written.
Result<void> render_reboot(Caller& caller, Sink& sink);
Result<void> command_reboot(Caller& caller, std::string_view text);

}  // namespace kernel::dev::cons
