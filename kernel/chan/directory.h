// Reading directories: entries packed as stat records, unions member by member.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "chan/caller.h"
#include "chan/chan.h"

namespace kernel::chan {

/// Reads whole stat records from an open directory. `offset` is 0, which starts over, or where the
/// last read ended. Where something is mounted on an entry, the entry describes what is mounted.
/// Locks:   the channel's.
/// Errors:  kDirSeek; kShort if the next record does not fit `out`; kInterrupted; kNoMemory; the
///          device's.
Result<usize> read_directory(Caller& caller, Chan& chan, Bytes out, u64 offset);

}  // namespace kernel::chan
