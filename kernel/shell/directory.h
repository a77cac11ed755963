// DirReader: the entries of an open directory, one at a time.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "chan/stat.h"
#include "mm/heap.h"

namespace kernel::shell {

/// Reads directory `fd` record by record. What it reads is on the heap, because kernel stacks are
/// small. Context: a kernel-resident process; may block.
class DirReader {
public:
    explicit DirReader(i32 fd) : fd_(fd) {}

    /// The next entry, valid until the next call; null at the end. Errors: of reading; kNoMemory.
    Result<const chan::Stat*> next();

private:
    struct Records {
        chan::Stat entry;
        std::array<std::byte, 3584> bytes;
    };

    i32 fd_;
    usize start_ = 0;
    usize end_ = 0;
    mm::Box<Records> records_;  // made by the first next()
};

}  // namespace kernel::shell
