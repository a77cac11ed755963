// Stat: what a directory says about a file, and its wire form, the 9P stat record.
#pragma once

#include "base/fixed_string.h"
#include "base/result.h"
#include "base/std.h"
#include "chan/qid.h"

namespace kernel::chan {

/// The longest name of one path element, in bytes.
inline constexpr usize kElementMax = 255;
/// Room for a user's name, NUL included (Plan 9: KNAMELEN).
inline constexpr usize kUserNameMax = 28;
using UserName = FixedString<kUserNameMax>;
using ElementName = FixedString<kElementMax + 1>;

/// What in a wstat request means "leave it": all ones in numbers, empty in texts.
inline constexpr u32 kKeep32 = ~u32{0};
inline constexpr u64 kKeep64 = ~u64{0};

/// A directory entry (Plan 9: Dir). About 450 bytes, texts included: one or two fit on a kernel
/// stack.
struct Stat {
    u16 device = 0;         // the device's letter
    u32 device_number = 0;  // which instance
    Qid qid;
    u32 mode = 0;    // permission bits and kDm bits
    u32 atime = 0;   // seconds since 1970
    u32 mtime = 0;   // seconds since 1970
    u64 length = 0;  // 0 for directories
    ElementName name;
    UserName uid;
    UserName gid;
    UserName muid;  // who changed it last

    bool is_dir() const { return (mode & kDmDir) != 0; }
};

/// A wstat request that leaves everything alone; set what shall change.
Stat keep_stat();

/// Bytes of the record with no texts in it, its own size field included; and the longest record.
inline constexpr usize kStatFixedSize = 49;
inline constexpr usize kStatRecordMax = kStatFixedSize + kElementMax + 3 * (kUserNameMax - 1);

/// The size of `stat` as a record.
usize stat_record_size(const Stat& stat);

/// Writes `stat` as a 9P stat record and returns its size. If `out` is too small for it but has two
/// bytes, only the size field is written and 2 returned, so that the caller can ask again.
/// Errors: kShortStat if `out` has less than two bytes.
Result<usize> marshal_stat(const Stat& stat, Bytes out);

/// The size of the record that `records` (what a directory read returned) begins with.
/// Errors: kShortStat if it is not all there.
Result<usize> next_stat_record(ConstBytes records);

/// Reads one record, which must be all of `record`, into `stat`: a Stat is too large to hand about
/// on a kernel stack. Errors: kShortStat if it is malformed; kNameTooLong if a text is longer than
/// Stat can hold. After an error `stat` holds anything.
Result<void> unmarshal_stat(ConstBytes record, Stat& stat);

}  // namespace kernel::chan
