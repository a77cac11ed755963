// ProcRef: a name for one process that anybody may keep, and that keeps nothing alive.
#pragma once

#include "base/std.h"

namespace kernel::proc {

/// Names the process that had number `pid` and serial `..serial_low` in table slot `slot`. Slots
/// and numbers are used again, serials never: a ProcRef is usable only through
/// ProcTable::hold(), which finds out whether the process is still there. This is what a Qid of
/// #p holds.
struct ProcRef {
    u32 slot = 0;
    u32 pid = 0;         // 0: nobody
    u32 serial_low = 0;  // the low half of the serial

    bool operator==(const ProcRef&) const = default;
};

/// Number and serial of a process: what it is called.
struct ProcId {
    u32 pid = 0;
    u64 serial = 0;  // counts from 1; never used again in a boot

    bool operator==(const ProcId&) const = default;
};

}  // namespace kernel::proc
