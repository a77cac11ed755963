// The kernel's page frames: the one allocator, filling, reclaiming before failure, counts.
#include "mm/frames.h"

#include "base/late.h"
#include "machine/memory.h"
#include "mm/failure.h"
#include "mm/frame_allocator.h"
#include "mm/internal.h"
#include "mm/reclaim.h"

namespace kernel::mm {
namespace {

constinit Late<FrameAllocator> frames;
static_assert(kMaxRunPages == usize{1} << FrameAllocator::kMaxOrder);
static_assert(std::is_trivially_destructible_v<FrameAllocator>);

/// Others may take what was reclaimed; then it is asked for again, but not for ever.
constexpr u32 kReclaimTries = 4;

/// What `allocate` gives, if need be after memory was reclaimed.
template <class Allocate>
auto or_reclaim(usize count, Allocate&& allocate) -> decltype(allocate()) {
    auto result = allocate();
    for (u32 tries = 0; !result.ok() && tries < kReclaimTries; ++tries) {
        if (!reclaim_memory(count)) break;
        result = allocate();
    }
    return result;
}

Bytes in_direct_map(PhysAddr start, usize count) {
    return {machine::direct_map(start).as<std::byte>(), count * kPageSize};
}

void clear(PhysAddr start, usize count) {
    const Bytes pages = in_direct_map(start, count);
    std::memset(pages.data(), 0, pages.size());
}

}  // namespace

constinit detail::PageClasses detail::page_classes;

void detail::initialize_frames(const machine::BootInfo& boot) {
    frames.make().initialize(boot.memory, boot.reserved, boot.hart_count);
    page_classes.~PageClasses();
    ::new (&page_classes) PageClasses;
}

Result<PhysAddr> allocate_pages(usize count, PageFill fill) {
    if (detail::injected_failure(count * kPageSize)) return Error::kNoMemory;
    Result<PhysAddr> start = or_reclaim(count, [count] { return frames->allocate(count); });
    if (start.ok() && fill == PageFill::kZero) clear(start.value(), count);
    return start;
}

Result<PhysAddr> allocate_page(PageFill fill) {
    using Holds = FrameAllocator::Holds;
    if (detail::injected_failure(kPageSize)) return Error::kNoMemory;
    const Holds wanted = fill == PageFill::kZero ? Holds::kZeroes : Holds::kAnything;
    const FrameAllocator::Page page =
        TRY(or_reclaim(1, [wanted] { return frames->allocate_page(wanted); }));
    if (fill == PageFill::kZero && page.holds != Holds::kZeroes) clear(page.start, 1);
    return page.start;
}

void free_pages(PhysAddr start, usize count) { frames->free(start, count); }
void free_page(PhysAddr page) { frames->free_page(page, FrameAllocator::Holds::kAnything); }
void free_zeroed_page(PhysAddr page) { frames->free_page(page, FrameAllocator::Holds::kZeroes); }

machine::PageRecord& page_record(PhysAddr page) { return frames->record(page); }

machine::PageRecordRun page_records() { return frames->records(); }

PageCounts page_counts() {
    return {.total = frames->total(),
            .free = frames->count_free(),
            .slabs = detail::page_classes.slabs.read(),
            .cached_stacks = detail::page_classes.cached_stacks.read(),
            .tables = detail::page_classes.tables.read()};
}

Result<OwnedPages> OwnedPages::create(usize count, PageFill fill) {
    return OwnedPages(TRY(allocate_pages(count, fill)), count);
}

Bytes OwnedPages::bytes() const { return count_ == 0 ? Bytes{} : in_direct_map(start_, count_); }

}  // namespace kernel::mm
