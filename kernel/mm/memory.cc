// mm at boot: the parts in their order.
#include "mm/memory.h"

#include "base/assert.h"
#include "machine/memory.h"
#include "mm/frames.h"
#include "mm/internal.h"
#include "mm/slab_geometry.h"

namespace kernel::mm {
namespace {

Result<PhysAddr> take_table_page() {
    const PhysAddr page = TRY(allocate_page(PageFill::kZero));
    detail::page_classes.tables.add();
    return page;
}

}  // namespace

void initialize(const machine::BootInfo& boot) {
    detail::initialize_reclaim();
    detail::initialize_frames(boot);
    detail::forget_all_caches();
    detail::initialize_stacks(boot);
    const PageCounts counts = page_counts();
    if (counts.total == 0) PANIC("no usable memory");
    // A slab is found from an object by clearing address bits.
    const PhysAddr start = boot.memory.front().start;
    ASSERT(is_aligned(machine::direct_map(start).value - start.value, kMaxSlabBytes));
    machine::set_table_page_source(take_table_page);
    detail::initialize_user_pages();
}

}  // namespace kernel::mm
