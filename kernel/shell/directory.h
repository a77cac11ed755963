// DirReader: the entries of an open directory, one at a time.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "chan/stat.h"
#include "mm/heap.h"

namespace kernel::shell {

/// Reads directory `fd` record by record. Context: a kernel-resident process; may block.
class DirReader {
public:
    explicit DirReader(i32 fd) : fd_(fd) {}

    /// The next entry, or nothing at the end. The texts point into the reader and live until the
    /// next call.
    Result<std::optional<chan::Stat>> next();

private:
    // Room for many records; on the heap, because kernel stacks are small.
    static constexpr usize kBufferSize = 4096;

    i32 fd_;
    usize start_ = 0;
    usize end_ = 0;
    mm::Buffer buffer_;  // made by the first next()
};

}  // namespace kernel::shell
