// ArchiveReader: the entries of cpio archives, one after another, in memory that nobody vouches
// for.
#pragma once

#include "base/result.h"
#include "base/std.h"

namespace kernel::dev {

/// An entry; all of it lies in the archive.
struct ArchiveEntry {
    std::string_view name;  // not empty; without NULs
    u32 mode = 0;           // Unix's: type and permissions
    u32 mtime = 0;          // seconds since 1970
    ConstBytes data;

    bool is_dir() const { return (mode & kTypeMask) == 0040000; }
    bool is_file() const { return (mode & kTypeMask) == 0100000; }

    static constexpr u32 kTypeMask = 0170000;
};

/// The longest name an entry may have.
inline constexpr usize kArchiveNameMax = 4096;

/// Reads cpio archives of the `newc` kind, several behind each other with zeros between. Padding
/// entries (regular files `.pad`) are skipped. Looks at no byte outside of `archive`.
class ArchiveReader {
public:
    explicit ArchiveReader(ConstBytes archive) : archive_(archive) {}

    /// The next entry; false at the end. Errors: kBadArchive, after which problem() and offset()
    /// say what is wrong where, and nothing more can be read.
    Result<bool> next(ArchiveEntry& out);

    std::string_view problem() const { return problem_; }
    usize offset() const { return offset_; }

private:
    Result<bool> read_entry(ArchiveEntry& out);
    Error fail(std::string_view problem);
    /// The offset after `size` bytes from `from`, aligned as cpio aligns within one archive.
    usize aligned_end(usize from, usize size) const;

    ConstBytes archive_;
    usize offset_ = 0;  // of the next header, or of the padding before it
    usize start_ = 0;   // of the archive that the next header belongs to
    std::string_view problem_;
};

}  // namespace kernel::dev
