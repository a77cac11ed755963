// Reading and writing the files of #p as the process 1 of a test world.
#pragma once

#include <string>
#include <vector>

#include "chan/chan.h"
#include "chan/file.h"
#include "chan/namec.h"
#include "tests/unit/proc/process_world.h"

namespace kernel::devproc::test {

using namespace proc::test;

/// The error string with its detail, or "ok".
template <class T>
std::string result_of(const Result<T>& result) {
    if (result.ok()) return "ok";
    std::array<char, kErrorTextMax> text;
    BufferSink sink(text);
    chan::print_error(sink, result.error());
    return std::string(sink.text());
}

/// Opens `name`; null and a failed test if that fails.
Ref<chan::Chan> must_open(const std::string& name, chan::OpenMode mode = chan::kORead);
/// What opening says.
std::string open_result(const std::string& name, chan::OpenMode mode = chan::kORead);

/// Reads at `offset` at most `count` bytes: what was read, or the error in angle brackets.
std::string read_at(chan::Chan& chan, u64 offset, usize count = 8192);
/// All of a file, read in pieces of `piece` bytes; or the error in angle brackets.
std::string contents(const std::string& name, usize piece = 8192);
/// What writing `text` at offset 0 says.
std::string write_result(chan::Chan& chan, std::string_view text);
std::string write_result(const std::string& name, std::string_view text);

/// The names in a directory, in order.
std::vector<std::string> listing(const std::string& name);
/// The directory entry of a name; a failed test if there is none.
chan::Stat stat_of(const std::string& name);
/// What wstat says.
std::string wstat_result(const std::string& name, const chan::Stat& changes);

/// "/proc" is not bound here: the name of a process's file through the device.
std::string file_of(u32 pid, std::string_view file);

/// A process that makes calls without end until it is killed; and one that ends when told.
proc::ProcId calling_child(std::string name = "worker");
void kill_and_wait(proc::ProcId process);

}  // namespace kernel::devproc::test
