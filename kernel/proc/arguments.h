// Arguments: the words a program is started with.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "mm/heap.h"

namespace kernel::proc {

/// All that the words may take, their NULs included.
inline constexpr usize kArgumentBytesMax = 512 * 1024;

/// Words one behind the other, each ended by NUL. Grows as they come.
class Arguments {
public:
    /// Appends a word. Errors: kNoVirtualMemory when there would be more than kArgumentBytesMax;
    /// kNoMemory.
    Result<void> add(std::string_view word);
    /// Appends the words of `other` but its first `without`. Errors: as add().
    Result<void> add_all(const Arguments& other, usize without);

    usize count() const { return count_; }
    /// All words with their NULs.
    std::string_view text() const { return {reinterpret_cast<const char*>(memory_.data()), used_}; }

private:
    mm::Buffer memory_;
    usize used_ = 0;
    usize count_ = 0;
};

}  // namespace kernel::proc
