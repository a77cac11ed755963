// The files of #p: one row each, from which walks, listings, permissions and help are made.
#pragma once

#include "base/name_table.h"
#include "base/result.h"
#include "base/std.h"
#include "chan/caller.h"
#include "chan/chan.h"
#include "devproc/place.h"
#include "proc/proc_ref.h"

namespace kernel::devproc {

/// What a file's function acts on. `process` was there when the call began; every function finds
/// out again whether it still is, under a hold, when it looks or acts.
struct Request {
    chan::Caller& caller;
    chan::Chan& chan;
    proc::ProcRef process;
    u64 offset;
    u64 user_changes = 0;  // of the process when it was asked whether this may be; see Target
};

/// Who opens a file, and for what.
struct Opening {
    chan::Caller& caller;
    proc::ProcRef process;
    chan::OpenMode mode;
};

/// How a file may be opened at all.
enum class Use : u8 { kReadOnly, kWriteOnly, kReadWrite };
/// What of that remains for the files of kernel processes.
enum class KernelUse : u8 { kSame, kReadOnly, kNone };

/// A file. Its mode is `mode` and the process's mode without write bits; or the process's mode
/// alone, if `mode` is kProcessMode.
struct File {
    static constexpr u32 kProcessMode = 0;

    std::string_view name;
    FileType type;
    u32 mode;
    Use use = Use::kReadOnly;
    KernelUse kernel_use = KernelUse::kSame;
    bool eve_only = false;  // whatever the mode says
    bool secret = false;    // not to be opened once the process is private
    bool for_all = false;   // but `none`, whatever the mode says
    u64 length = 0;         // as stat shows it
    /// What stat of the file itself shows instead; listings show `length`. Null: the same.
    u64 (*dynamic_length)(proc::ProcRef process) = nullptr;
    /// What opening takes, for as long as the channel is open, and closing gives back: an object at
    /// the channel's device_pointer. Null (both): nothing.
    Result<void> (*open)(chan::Chan& chan, const Opening& opening) = nullptr;
    void (*close)(chan::Chan& chan) = nullptr;
    /// Null: the file cannot be read, or written.
    Result<usize> (*read)(const Request& request, Bytes out) = nullptr;
    Result<usize> (*write)(const Request& request, ConstBytes data) = nullptr;
    /// What is open stays so when the process has ended, or is somebody else's.
    bool outlives_process = false;
    std::string_view help;  // a sentence
};

/// The files of a process, and those of the root, in the order of listings. Const.
const NameTable<File>& process_files();
std::span<const File> root_files();

/// The row of `type`; null for directories and for what is in no table.
const File* find_file(FileType type);
/// The row of `name` in the root; null if there is none.
const File* find_root_file(std::string_view name);

}  // namespace kernel::devproc
