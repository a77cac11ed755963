// PageSource: where a store of objects gets its pages; frames in the kernel, any arena in tests.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "base/units.h"

namespace kernel::mm {

/// Gives and takes runs of pages. Implementations are callable from any context.
class PageSource {
public:
    /// 2^order pages in one piece, aligned to their size, contents unspecified.
    /// Returns: kNoMemory.
    virtual Result<Bytes> take(u32 order) = 0;
    /// Takes back what take() gave, whole.
    virtual void give_back(Bytes run) = 0;

protected:
    constexpr PageSource() = default;
    ~PageSource() = default;
};

/// The source of the kernel's own stores: page frames, counted as PageCounts::slabs.
PageSource& frame_source();

}  // namespace kernel::mm
