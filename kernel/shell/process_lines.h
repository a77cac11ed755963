// ProcessLines: what ps and its relatives know of each process, read from /proc like any program
// would.
#pragma once

#include "base/fixed_string.h"
#include "base/result.h"
#include "base/std.h"

namespace kernel::shell {

/// One line of `ps`. Times in milliseconds, size in KiB.
struct ProcessLine {
    u64 pid = 0;
    FixedString<28> text;
    FixedString<28> user;
    FixedString<12> state;
    u64 user_ms = 0;
    u64 system_ms = 0;
    u64 real_ms = 0;
    u64 size_kib = 0;
    u64 base_priority = 0;
    u64 priority = 0;
};

/// The processes in order of pid, read from /proc. One that goes away meanwhile is skipped. Memory
/// does not grow with their number: the directory is read again for each kBatch of them. Context: a
/// kernel-resident process; may block.
class ProcessLines {
public:
    /// The process with the smallest pid above `after`, which only grows from call to call; nothing
    /// when there is none. Errors: of opening or reading /proc.
    Result<const ProcessLine*> next(u64 after);

private:
    // The kBatch smallest pids above the last one asked for, ascending.
    static constexpr usize kBatch = 64;
    Result<void> fill(u64 after);

    std::array<u64, kBatch> pids_{};
    usize next_ = 0;
    usize count_ = 0;
    bool complete_ = false;  // no pids beyond the batch
    ProcessLine line_;
};

/// Parses the 176 bytes of /proc/n/status into `line`; false if they are not a status.
bool parse_status(u64 pid, std::string_view status, ProcessLine& line);

}  // namespace kernel::shell
