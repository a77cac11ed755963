// Program: what an ELF file asks to have mapped, once everything in its headers has been checked.
#pragma once

#include "base/assert.h"
#include "base/result.h"
#include "base/units.h"
#include "proc/elf/refusal.h"

namespace kernel::proc::elf {

/// How much of a file read_program() looks at, at most: the ELF header and the program headers must
/// lie in it.
inline constexpr usize kHeadBytes = 4096;

/// The most segments a program may have. Linkers make up to four: headers and constants, code,
/// more constants, data.
inline constexpr usize kMaxSegments = 8;

/// What a program may do with a segment. Reading is always allowed, and nothing that can be written
/// can be executed.
enum class Access : u8 { kRead, kReadWrite, kReadExecute };

/// Memory that is to be mapped: `file_size` bytes from the file, zeros after them. Its pages are no
/// other segment's.
struct Segment {
    VirtAddr start;
    u64 memory_size = 0;  // never 0
    u64 file_offset = 0;  // 0 if nothing comes from the file
    u64 file_size = 0;    // at most memory_size
    Access access = Access::kRead;

    constexpr VirtAddr end() const { return start + memory_size; }
    /// Where its first page begins, and where its last one ends.
    constexpr VirtAddr first_page() const { return {align_down(start.value, kPageSize)}; }
    constexpr VirtAddr end_page() const { return {align_up(end().value, kPageSize)}; }
    /// Whether pages of the file can be its pages: then the byte of the file at
    /// `file_offset - (start - first_page())` is the first of one. The rest of its first and last
    /// page is then whatever is beside it in the file.
    constexpr bool can_map_in_place() const {
        return file_size > 0 && is_aligned(file_offset - start.value, kPageSize);
    }

    constexpr bool operator==(const Segment&) const = default;
};

/// The addresses that programs may use: [start, end), both at page boundaries.
struct UserMemory {
    VirtAddr start;
    VirtAddr end;
};

/// A program that can be run: made by read_program() only, const from then on, a value.
class Program {
public:
    /// Where to begin: an even address in an executable segment.
    VirtAddr entry() const { return entry_; }
    /// By rising address, at least one; inside user memory and the file, and no page in two. A view
    /// into this object.
    std::span<const Segment> segments() const& { return {segments_.data(), count_}; }
    void segments() const&& = delete;  // the view would outlive the object
    /// Where the last segment's pages end: all above is free, so this is where brk begins. It may
    /// be the end of user memory.
    VirtAddr end_of_data() const { return segments().back().end_page(); }

private:
    friend class ProgramReader;
    Program() = default;

    VirtAddr entry_;
    usize count_ = 0;
    std::array<Segment, kMaxSegments> segments_{};
};

/// Reads the ELF header and the program headers of a file of `file_size` bytes from `head`, its
/// first kHeadBytes bytes (all, if it has fewer), at any alignment. Nobody vouches for a byte of
/// it. Fails with kBadExec and the first reason in `why`. Accepts static programs for rv64 linked
/// to fixed addresses, with lp64 or lp64d floating point; program headers that are neither PT_LOAD
/// nor signs of dynamic linking are not looked at, nor is a PT_LOAD that takes no memory, nor the
/// offset of one that has no bytes in the file: linkers write anything there.
/// Context: any. Cost: linear in the program headers, of which there are at most 16.
Result<Program> read_program(ConstBytes head, u64 file_size, const UserMemory& memory,
                             Refusal& why);

}  // namespace kernel::proc::elf
