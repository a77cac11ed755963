// Page frames: physical memory by the page, from one buddy allocator with a small cache per hart.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/page_record.h"
#include "machine/user_space.h"

namespace kernel::mm {

/// What a fresh page holds.
enum class PageFill : u8 {
    kAny,   // whatever was there
    kZero,  // zeroes
};

/// The largest run allocate_pages() gives: 1 GiB.
inline constexpr usize kMaxRunPages = usize{1} << 18;

/// One page. Before it fails, memory is reclaimed if no spin lock is held (see reclaim.h).
/// Context: any. Locks: page cache, then pages.
/// Returns: kNoMemory.
/// Cost: O(1); mostly no shared line is touched.
Result<PhysAddr> allocate_page(PageFill fill);
void free_page(PhysAddr page);
/// Frees a page that holds zeroes, which saves whoever wants some the filling.
void free_zeroed_page(PhysAddr page);

/// `count` pages (1 .. kMaxRunPages) in one piece, aligned to `count` rounded up to a power of two.
/// Context: any. Locks: page cache, then pages.
/// Returns: kNoMemory, also when free memory is too scattered.
/// Cost: O(log count), and the filling.
Result<PhysAddr> allocate_pages(usize count, PageFill fill);
/// Gives back exactly what one allocate_pages(count) gave. Freeing what is free, reserved or not a
/// run of that size stops the machine.
void free_pages(PhysAddr start, usize count);

/// The record that goes with an allocated page. Its owner makes one there before he looks at it.
/// Any context. Cost: O(ranges of memory).
machine::PageRecord& page_record(PhysAddr page);
/// The records of all or nearly all pages, allocated or not. Context: after boot.
machine::PageRecordRun page_records();

/// Physical memory, in pages. `total` is what the allocator was given at boot; free pages in a
/// hart's cache count as free. The three "cached" classes are in use by the kernel's own stores,
/// which keep them for reuse.
struct PageCounts {
    u64 total = 0;
    u64 free = 0;
    u64 slabs = 0;          // held by object caches, used or not (see SlabStats)
    u64 cached_stacks = 0;  // kernel stacks that wait for reuse
    u64 tables = 0;         // the kernel's page tables and bookkeeping; never given back

    /// What somebody holds, stores excluded: the figure that must come back to what it was.
    u64 in_use() const { return total - free - slabs - cached_stacks - tables; }
};

/// A snapshot; exact when nobody allocates meanwhile. Context: any. Cost: O(harts).
PageCounts page_counts();

/// Move-only owner of a run of pages.
class OwnedPages {
public:
    constexpr OwnedPages() = default;
    /// See allocate_pages.
    static Result<OwnedPages> create(usize count, PageFill fill);

    OwnedPages(OwnedPages&& other) noexcept
        : start_(other.start_), count_(std::exchange(other.count_, 0)) {}
    OwnedPages& operator=(OwnedPages&& other) noexcept {
        std::swap(start_, other.start_);
        std::swap(count_, other.count_);
        return *this;
    }
    ~OwnedPages() {
        if (count_ != 0) free_pages(start_, count_);
    }

    usize count() const { return count_; }
    PhysAddr physical() const { return start_; }
    /// The pages in the direct map.
    Bytes bytes() const;
    /// Gives up ownership; whoever takes it calls free_pages(physical(), count) one day.
    [[nodiscard]] PhysAddr leak() {
        count_ = 0;
        return start_;
    }

private:
    OwnedPages(PhysAddr start, usize count) : start_(start), count_(count) {}

    PhysAddr start_{};
    usize count_ = 0;
};

}  // namespace kernel::mm
