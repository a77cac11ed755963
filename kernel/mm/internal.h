// What the files of mm share among themselves.
#pragma once

#include "base/atomic.h"
#include "base/std.h"
#include "machine/boot_info.h"

namespace kernel::mm::detail {

/// Pages by what the kernel's own stores use them for; see PageCounts.
struct PageClasses {
    StatCounter slabs;
    StatCounter cached_stacks;
    StatCounter tables;
};
extern PageClasses page_classes;

// The parts of initialize(), in their order. Each forgets all it knew.
void initialize_reclaim();
void initialize_frames(const machine::BootInfo& boot);
void forget_all_caches();
void initialize_stacks(const machine::BootInfo& boot);
void initialize_user_pages();

/// Unmaps kernel stacks that wait for reuse, at most `most`; returns how many. Cost: a shootdown
/// for sixteen. Locks: kernel area, page cache, pages.
usize drop_cached_stacks(usize most);

}  // namespace kernel::mm::detail
