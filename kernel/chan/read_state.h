// ReadState: what a channel keeps between reads of a directory or of a rendered text.
#pragma once

#include "base/format.h"
#include "base/ref.h"
#include "base/std.h"
#include "chan/chan.h"
#include "chan/dev.h"
#include "mm/heap.h"

namespace kernel::chan {

/// A text that grows as it is written. Running out of memory is remembered, not reported by write.
class GrowingText final : public Sink {
public:
    void write(std::string_view text) override;

    std::string_view text() const { return as_text(buffer_.bytes().first(size_)); }
    usize size() const { return size_; }
    /// Forgets the text and failures; keeps the memory.
    void clear() {
        size_ = 0;
        failed_ = false;
    }
    bool failed() const { return failed_; }

private:
    mm::Buffer buffer_;
    usize size_ = 0;
    bool failed_ = false;
};

/// Guarded by the channel's read lock.
class ReadState {
public:
    // Rendered texts: the text kept, and, for records, where in the file it lies and what follows.
    GrowingText text;
    bool has_text = false;
    u64 record_start = 0;
    u64 next_record = 0;

    // Directories: the offset where the next read must continue, and what that is.
    u64 directory_offset = 0;
    DirCursor cursor = 0;
    usize member_index = 0;  // of the union
    Ref<Chan> member;        // that member, opened; null if not yet, or if there is no union
};

}  // namespace kernel::chan
