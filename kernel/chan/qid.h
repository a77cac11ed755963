// Qid: the identity of a file within its device, and the mode bits that a file carries.
#pragma once

#include "base/std.h"

namespace kernel::chan {

/// Bits of Qid::type; they are the top byte of a file's mode.
inline constexpr u8 kQtDir = 0x80;     // a directory
inline constexpr u8 kQtAppend = 0x40;  // writes go to the end
inline constexpr u8 kQtExcl = 0x20;    // open once at a time
inline constexpr u8 kQtAuth = 0x08;    // an authentication file
inline constexpr u8 kQtTmp = 0x04;     // not backed up
inline constexpr u8 kQtFile = 0x00;

/// Bits of a file's mode above the nine permission bits (Plan 9: DMDIR and its like).
inline constexpr u32 kDmDir = u32{kQtDir} << 24;
inline constexpr u32 kDmAppend = u32{kQtAppend} << 24;
inline constexpr u32 kDmExcl = u32{kQtExcl} << 24;
inline constexpr u32 kDmTmp = u32{kQtTmp} << 24;
/// The nine permission bits: read, write, execute for owner, group (here: eve), others.
inline constexpr u32 kPermissionBits = 0777;

/// Which file of a device: two Qids with equal path are the same file; vers tells its states apart.
struct Qid {
    u64 path = 0;
    u32 vers = 0;
    u8 type = kQtFile;

    constexpr bool is_dir() const { return (type & kQtDir) != 0; }
    constexpr bool operator==(const Qid&) const = default;
};

/// A directory's Qid.
constexpr Qid dir_qid(u64 path, u32 vers = 0) { return {path, vers, kQtDir}; }
/// A plain file's Qid.
constexpr Qid file_qid(u64 path, u32 vers = 0) { return {path, vers, kQtFile}; }

}  // namespace kernel::chan
