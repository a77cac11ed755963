// Place: where in the tree of #p a channel is, as its Qid says it.
#pragma once

#include "base/field.h"
#include "base/std.h"
#include "chan/qid.h"
#include "proc/proc_ref.h"

namespace kernel::devproc {

/// What a Qid of #p is about. The values of the files are Plan 9's and part of the Qid.
enum class FileType : u8 {
    kDir = 0,  // the root if it is of no process, else a process's directory
    kTrace = 1,  // of the root
    kArgs = 2,
    kCtl = 3,
    kFd = 4,
    kFpregs = 5,
    kKregs = 6,
    kMem = 7,
    kNote = 8,
    kNoteid = 9,
    kNotepg = 10,
    kNs = 11,
    kPpid = 12,
    kProc = 13,
    kRegs = 14,
    kSegment = 15,
    kStatus = 16,
    kText = 17,
    kWait = 18,
    kProfile = 19,
    kSyscall = 20,
    kWatchpt = 21,
    kStats = 64,  // from here on the files of the root, which Plan 9 does not have
    kSettings = 65,
    kCwd = 66,  // and files of processes that it does not have
    kMaps = 67,
    kUser = 68,
    kInfo = 69,
    kChildren = 70,
    kThreads = 71,
    kStack = 72,
    kWchan = 73,
    kCore = 74,
    kHelp = 75,  // of the root
    kLimits = 76,
    kStrace = 77,
    kStraceset = 78,
    kTracepids = 79,  // of the root
    kTraps = 80,
    kIo = 81,
};

/// A place. Its Qid path is made of these fields; the version is the process's number.
struct Place {
    using Type = Field<56, 8>;
    using Slot = Field<32, 24>;
    using SerialLow = Field<0, 32>;

    FileType type = FileType::kDir;
    proc::ProcRef process;  // nobody: the root or a file in it

    bool of_process() const { return process.pid != 0; }
    bool is_dir() const { return type == FileType::kDir; }
    chan::Qid qid() const;
    static Place of(const chan::Qid& qid);
};

}  // namespace kernel::devproc
