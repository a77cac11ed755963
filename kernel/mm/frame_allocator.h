// FrameAllocator: the buddy allocator of physical pages, with a cache of single pages per hart.
#pragma once

#include "base/annotations.h"
#include "base/atomic.h"
#include "base/result.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/boot_info.h"
#include "machine/hart.h"
#include "machine/page_record.h"
#include "machine/user_space.h"
#include "sync/spin_lock.h"

namespace kernel::mm {

/// What is known of one page frame. Frames are named by number (address / page size), 32 bits.
struct Frame {
    struct Links {
        u32 next;      // in a free list or a hart's cache; guarded by the lock of where it is
        u32 previous;  // in a free list; guarded by the allocator's lock
    };
    union {
        Links links;                 // of a block that nobody has
        machine::PageRecord record;  // of who has it, if he wants one
    };
    Atomic<u32> tag;  // atomic: see FrameAllocator
};
static_assert(sizeof(Frame) == 12);

/// Free memory is kept in blocks of 2^order pages, aligned to their size, in one list per order.
/// A block that is freed joins its buddy (the other half of the block twice as big) if that is
/// free.
///
/// Boot must not depend on the amount of RAM, so the Frames are carved from RAM and not cleared:
/// a Frame means something only if its tag was written since boot. The tag says what begins at that
/// frame, and in its low bits the order.
///   kFree       a block in a free list
///   kAllocated  a block that somebody has
///   kCached     a page in a hart's cache; kCachedPoisoned: and filled with kPoison;
///               kCachedZeroed: and full of zeroes
///   kReserved   not ours
/// No other Frame is ever read, because who frees a block of order k looks only at its buddy's
/// first frame, and that was written: the two became blocks when their parent was split (which tags
/// both) or cut into pages for a hart's cache (which tags all), or the block is one of the first,
/// made at boot, and then its buddy's first frame was tagged kReserved or with the first block that
/// begins there.
///
/// A tag changes to or from kFree only under `lock_`. From kAllocated to kCached and back it
/// changes in the hands of who has the page. So a hart that looks at a buddy sees for certain
/// whether it is free, and need not care what else it is.
class FrameAllocator : Pinned {
public:
    static constexpr u32 kMaxOrder = 18;  // 1 GiB

    constexpr FrameAllocator() = default;

    /// Takes `memory` less `reserved` (both sorted; page-aligned inward and outward). Everything
    /// from before is forgotten. Context: boot. Cost: O(ranges), whatever their size.
    void initialize(std::span<const PhysRange> memory, std::span<const PhysRange> reserved,
                    u32 harts);

    /// What is known to be in a page.
    enum class Holds : u8 { kAnything, kZeroes };
    struct Page {
        PhysAddr start;
        Holds holds;
    };
    /// One page, if there is a choice one that holds what is wanted. Any context. Locks: page
    /// cache, pages. Returns: kNoMemory.
    Result<Page> allocate_page(Holds wanted);
    /// Takes one back. Any context. Locks: as above.
    void free_page(PhysAddr start, Holds holds);

    /// `count` pages in one piece. Any context. Locks: page cache, pages. Returns: kNoMemory.
    Result<PhysAddr> allocate(usize count);
    /// Takes them back. Any context. Locks: page cache, pages.
    void free(PhysAddr start, usize count);

    /// The record of an allocated page, for whoever has it; it holds anything until he makes one.
    /// Any context. Cost: O(zones).
    machine::PageRecord& record(PhysAddr page);
    /// Those of the first zone. Const after boot.
    machine::PageRecordRun records() const {
        const Zone& zone = zones_[0];
        return {zone.first, zone.end - zone.first, sizeof(Frame),
                reinterpret_cast<std::byte*>(&zone.frames->record)};
    }

    /// Pages taken over by initialize().
    u64 total() const { return total_; }
    /// Pages nobody has. Any context. Locks: page cache, pages.
    u64 count_free();

private:
    static constexpr u32 kNone = ~u32{0};
    static constexpr u32 kOrderBits = 0x1f;
    static constexpr u32 kFree = 0x4652'4540;
    static constexpr u32 kAllocated = 0x414c'4c60;
    static constexpr u32 kCached = 0x4341'4340;
    static constexpr u32 kCachedPoisoned = 0x4341'4360;
    static constexpr u32 kCachedZeroed = 0x4341'4380;
    static constexpr u32 kReserved = 0x5245'5340;
    static constexpr u32 kInside = 0x494e'5340;  // was the head of a block that joined its buddy
    static_assert(((kFree | kAllocated | kCached | kCachedPoisoned | kCachedZeroed | kReserved |
                    kInside) &
                   kOrderBits) == 0);

    /// Pages moved at once between a hart's cache and the free lists, and how many it keeps.
    static constexpr u32 kBatchOrder = 4;
    static constexpr u32 kBatch = u32{1} << kBatchOrder;
    static constexpr u32 kCacheMax = 64;

    /// A run of RAM with its Frames.
    struct Zone {
        u64 first = 0;  // frame numbers; as wide as registers, since every look begins with them
        u64 end = 0;
        Frame* frames = nullptr;

        bool contains(u64 frame) const { return frame - first < end - first; }
    };
    struct Extent {
        u32 first;
        u32 end;
        u32 size() const { return end - first; }
    };

    struct PageCache {
        sync::SpinLock<sync::LockRank::kPageCache> lock;
        // By what its pages hold (Holds).
        std::array<u32, 2> heads GUARDED_BY(lock){kNone, kNone};
        u32 count GUARDED_BY(lock) = 0;  // of both
    };

    struct FreeList {
        u32 head = kNone;
    };

    // Boot.
    void add_zone(Extent ram, std::span<const PhysRange> reserved);
    static std::optional<Extent> next_extent(Extent ram, u32 from,
                                             std::span<const PhysRange> reserved);
    template <class Use>
    static void for_each_block(Extent extent, Use&& use);

    Frame& frame(u64 number) {
        // Nearly all machines have one run, or nearly all memory in the first.
        const Zone& first = zones_[0];
        if (first.contains(number)) [[likely]]
            return first.frames[number - first.first];
        return frame_beyond(number);
    }
    [[gnu::cold, gnu::noinline]] Frame& frame_beyond(u64 number);
    const Zone* zone_of(u64 number) const;
    u32 tag(u32 number) { return frame(number).tag.load(std::memory_order_relaxed); }
    void set_tag(u32 number, u32 tag);

    // Blocks.
    void push_block(u32 number, u32 order) REQUIRES(lock_);
    void remove_block(u32 number, u32 order) REQUIRES(lock_);
    u32 take_block(u32 order) REQUIRES(lock_);
    void free_block(u32 number, u32 order) REQUIRES(lock_);

    // Runs: blocks cut to a number of pages.
    u32 take_run(u32 count);
    void give_run(u32 first, u32 count);
    /// Stops unless the run is what one allocate(count) gave.
    void check_allocated(u32 first, u32 count);
    template <class Use>
    static void for_each_piece(u32 first, u32 count, Use&& use);

    // Pages of a hart's cache.
    u32 pop(PageCache& cache, Holds wanted, Holds& holds) REQUIRES(cache.lock);
    void push(PageCache& cache, u32 number, u32 tag) REQUIRES(cache.lock);
    void refill(PageCache& cache) REQUIRES(cache.lock);
    void shrink(PageCache& cache, u32 keep) REQUIRES(cache.lock);
    u32 steal_page(Holds wanted, Holds& holds);
    bool drain_caches();
    /// Debug builds: stops unless the page holds what the tag says.
    void check_content(u32 number, u32 tag);

    std::array<Zone, machine::kMaxMemoryRanges> zones_{};  // const after initialize
    u32 zone_count_ = 0;                                   // const after initialize
    u32 harts_ = 1;                                        // const after initialize
    u32 cache_limit_ = 0;                                  // const after initialize
    u64 total_ = 0;                                        // const after initialize

    sync::SpinLock<sync::LockRank::kPages> lock_;
    std::array<FreeList, kMaxOrder + 1> lists_ GUARDED_BY(lock_){};
    u32 orders_ GUARDED_BY(lock_) = 0;  // bit k: lists_[k] is not empty
    u64 free_ GUARDED_BY(lock_) = 0;    // pages in the lists

    machine::PerHart<PageCache> caches_;
};

}  // namespace kernel::mm
