// File operations: what calls do with channels: read, write, seek, describe.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "chan/caller.h"
#include "chan/chan.h"
#include "chan/stat.h"

namespace kernel::chan {

/// Reads at `offset`, or, without one, at the channel's own offset, which advances. Directories
/// give whole stat records, those of all members of a union; they are read in sequence or again
/// from 0. `out` is kernel memory.
/// Errors: kBadUseFd if not open for reading; kNegativeOffset above 2^63 - 1; kDirSeek; kShort if
/// `out` is too small for the next record of a directory; the device's.
Result<usize> read(Caller& caller, Chan& chan, Bytes out, std::optional<u64> offset = {});

/// Writes likewise. Errors: kBadUseFd; kIsDir; kNegativeOffset; the device's.
Result<usize> write(Caller& caller, Chan& chan, ConstBytes data, std::optional<u64> offset = {});

enum class Whence : u8 { kStart, kCurrent, kEnd };
/// Moves the channel's offset and returns it. Errors: kNegativeOffset; kDirSeek for directories
/// except to 0; kBadUseFd for pipes.
Result<u64> seek(Caller& caller, Chan& chan, i64 distance, Whence whence);

/// Describes the file; its name is the last element of the channel's path.
Result<void> stat(Caller& caller, Chan& chan, Stat& out);

/// Changes the file. Errors: kShortStat if `record` is malformed; kBadName; the device's.
Result<void> wstat(Caller& caller, Chan& chan, ConstBytes record);

}  // namespace kernel::chan
