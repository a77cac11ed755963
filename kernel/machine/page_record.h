// PageRecord: what is counted for a page of user memory, and for a page that is a table.
#pragma once

#include "base/atomic.h"
#include "base/std.h"

namespace kernel::machine {

/// `Word` is an atomic u32; models have their own.
template <class Word>
struct BasicPageRecord {
    /// Entries that lead here, whichever tables they stand in, and whoever else keeps the page.
    Word references{1};  // atomic: [sv39.drop]
    /// Of a table: which parts of it are used, and whether it is frozen.
    Word use{0};  // atomic: [sv39.freeze]
};

using PageRecord = BasicPageRecord<Atomic<u32>>;
static_assert(sizeof(PageRecord) == 8);

}  // namespace kernel::machine
