// The buddy allocator: blocks, runs cut from blocks, and the pages at hand on each hart.
#include "mm/frame_allocator.h"

#include "base/assert.h"
#include "base/lowest_bit.h"
#include "machine/interrupts.h"
#include "machine/memory.h"
#include "mm/poison.h"

namespace kernel::mm {

const FrameAllocator::Zone* FrameAllocator::zone_of(u64 number) const {
    for (u32 i = 0; i < zone_count_; ++i) {
        if (zones_[i].contains(number)) return &zones_[i];
    }
    return nullptr;
}

Frame& FrameAllocator::frame_beyond(u64 number) {
    const Zone* zone = zone_of(number);
    ASSERT(zone != nullptr);
    return zone->frames[number - zone->first];
}

void FrameAllocator::set_tag(u32 number, u32 tag) {
    // relaxed: see the class: who must not miss a change holds the lock that it was made under.
    frame(number).tag.store(tag, std::memory_order_relaxed);
}

// --- Blocks. ---

void FrameAllocator::push_block(u32 number, u32 order) {
    Frame& head = frame(number);
    FreeList& list = lists_[order];
    head.links.next = list.head;
    head.links.previous = kNone;
    set_tag(number, kFree | order);
    if (list.head != kNone) frame(list.head).links.previous = number;
    list.head = number;
    orders_ |= u32{1} << order;
    free_ += u64{1} << order;
}

void FrameAllocator::remove_block(u32 number, u32 order) {
    const Frame& head = frame(number);
    FreeList& list = lists_[order];
    (head.links.previous == kNone ? list.head : frame(head.links.previous).links.next) =
        head.links.next;
    if (head.links.next != kNone) frame(head.links.next).links.previous = head.links.previous;
    if (list.head == kNone) orders_ &= ~(u32{1} << order);
    free_ -= u64{1} << order;
}

u32 FrameAllocator::take_block(u32 order) {
    const u32 fitting = orders_ >> order << order;
    if (fitting == 0) return kNone;
    u32 have = lowest_bit(fitting);
    const u32 number = lists_[have].head;
    remove_block(number, have);
    while (have > order) {
        --have;
        push_block(number + (u32{1} << have), have);
    }
    set_tag(number, kAllocated | order);
    return number;
}

void FrameAllocator::free_block(u32 number, u32 order) {
    while (order < kMaxOrder) {
        const u32 buddy = number ^ (u32{1} << order);
        if (zone_of(buddy) != zone_of(number) || tag(buddy) != (kFree | order)) break;
        remove_block(buddy, order);
        // What is no head any more is tagged so, lest it be freed once more.
        set_tag(std::max(number, buddy), kInside);
        number = std::min(number, buddy);
        ++order;
    }
    push_block(number, order);
}

// --- Runs. ---
//
// A run of n pages at the start of a block is the blocks that the bits of n stand for, from the
// highest down; what follows is free blocks, from small to large. All are aligned to their sizes,
// as if the block had been split by hand.

template <class Use>
void FrameAllocator::for_each_piece(u32 first, u32 count, Use&& use) {
    for (u32 left = count; left != 0;) {
        const u32 order = static_cast<u32>(std::bit_width(left)) - 1;
        use(first, order);
        first += u32{1} << order;
        left -= u32{1} << order;
    }
}

u32 FrameAllocator::take_run(u32 count) {
    const u32 order = static_cast<u32>(std::bit_width(count - 1));
    sync::IrqSaveGuard guard(lock_);
    const u32 first = take_block(order);
    if (first == kNone || std::has_single_bit(count)) return first;
    for_each_piece(first, count,
                   [&](u32 number, u32 piece) { set_tag(number, kAllocated | piece); });
    for (u32 offset = count; offset < u32{1} << order;) {
        const u32 piece = static_cast<u32>(std::countr_zero(offset));
        push_block(first + offset, piece);
        offset += u32{1} << piece;
    }
    return first;
}

void FrameAllocator::give_run(u32 first, u32 count) {
    sync::IrqSaveGuard guard(lock_);
    for_each_piece(first, count, [&](u32 number, u32 order) {
        lock_.assert_held();
        free_block(number, order);
    });
}

void FrameAllocator::check_allocated(u32 first, u32 count) {
    for_each_piece(first, count, [&](u32 number, u32 order) {
        const u32 found = zone_of(number) == nullptr ? 0 : tag(number);
        if (found != (kAllocated | order)) {
            PANIC("mm: page {:x} of {} freed that is not allocated as such (tag {:x})",
                  u64{number} << kPageShift, count, found);
        }
    });
}

// --- Pages at hand. ---

u32 FrameAllocator::pop(PageCache& cache, Holds wanted, Holds& holds) {
    u32& best = cache.heads[static_cast<usize>(wanted)];
    u32& head = best != kNone ? best : cache.heads[1 - static_cast<usize>(wanted)];
    const u32 number = head;
    if (number == kNone) return kNone;
    Frame& page = frame(number);
    head = page.links.next;
    --cache.count;
    // relaxed (both): see the class.
    const u32 tag = page.tag.load(std::memory_order_relaxed);
    if constexpr (kDebug) check_content(number, tag);
    holds = tag == kCachedZeroed ? Holds::kZeroes : Holds::kAnything;
    page.tag.store(kAllocated, std::memory_order_relaxed);
    return number;
}

void FrameAllocator::push(PageCache& cache, u32 number, u32 tag) {
    Frame& page = frame(number);
    u32& head = cache.heads[tag == kCachedZeroed ? 1 : 0];
    page.links.next = head;
    // relaxed: see the class.
    page.tag.store(tag, std::memory_order_relaxed);
    head = number;
    ++cache.count;
}

void FrameAllocator::check_content(u32 number, u32 tag) {
    if (tag != kCachedPoisoned && tag != kCachedZeroed) return;
    const Bytes page{machine::direct_map(PhysAddr{u64{number} << kPageShift}).as<std::byte>(),
                     kPageSize};
    mm::check_words(page, tag == kCachedZeroed ? 0 : kPoison, "mm: a free page was");
}

void FrameAllocator::refill(PageCache& cache) {
    sync::IrqsOffGuard guard(lock_);
    if (cache_limit_ >= kBatch) {
        const u32 first = take_block(kBatchOrder);
        // From the last to the first, so that they are given in order.
        for (u32 i = kBatch; first != kNone && i > 0; --i) push(cache, first + i - 1, kCached);
        if (first != kNone) return;
    }
    for (u32 i = 0; i < std::max<u32>(1, std::min(kBatch, cache_limit_)); ++i) {
        const u32 number = take_block(0);
        if (number == kNone) return;
        push(cache, number, kCached);
    }
}

void FrameAllocator::shrink(PageCache& cache, u32 keep) {
    sync::IrqsOffGuard guard(lock_);
    while (cache.count > keep) {
        u32& head = cache.heads[0] != kNone ? cache.heads[0] : cache.heads[1];
        const u32 number = head;
        head = frame(number).links.next;
        --cache.count;
        free_block(number, 0);
    }
}

u32 FrameAllocator::steal_page(Holds wanted, Holds& holds) {
    for (u32 hart = 0; hart < harts_; ++hart) {
        PageCache& cache = caches_.of(hart);
        sync::IrqsOffGuard guard(cache.lock);
        if (const u32 number = pop(cache, wanted, holds); number != kNone) return number;
    }
    return kNone;
}

bool FrameAllocator::drain_caches() {
    bool any = false;
    const machine::InterruptsOff off;
    for (u32 hart = 0; hart < harts_; ++hart) {
        PageCache& cache = caches_.of(hart);
        sync::IrqsOffGuard guard(cache.lock);
        any = any || cache.count != 0;
        shrink(cache, 0);
    }
    return any;
}

// --- What others call. ---

Result<FrameAllocator::Page> FrameAllocator::allocate_page(Holds wanted) {
    const machine::InterruptsOff off;
    Holds holds = Holds::kAnything;
    u32 number;
    {
        PageCache& cache = caches_.mine();
        sync::IrqsOffGuard guard(cache.lock);
        if (cache.count == 0) refill(cache);
        number = pop(cache, wanted, holds);
    }
    if (number == kNone) number = steal_page(wanted, holds);
    if (number == kNone) return Error::kNoMemory;
    return Page{PhysAddr{u64{number} << kPageShift}, holds};
}

void FrameAllocator::free_page(PhysAddr start, Holds holds) {
    ASSERT(is_aligned(start.value, kPageSize));
    const u32 number = static_cast<u32>(start.frame());
    ASSERT(zone_of(number) != nullptr);
    if (tag(number) != kAllocated) [[unlikely]]
        check_allocated(number, 1);
    const bool poison = kDebug && holds != Holds::kZeroes;
    if (poison) fill_words({machine::direct_map(start).as<std::byte>(), kPageSize}, kPoison);
    const machine::InterruptsOff off;
    PageCache& cache = caches_.mine();
    sync::IrqsOffGuard guard(cache.lock);
    push(cache, number,
         holds == Holds::kZeroes ? kCachedZeroed : (poison ? kCachedPoisoned : kCached));
    if (cache.count > cache_limit_) shrink(cache, cache_limit_ / 2);
}

Result<PhysAddr> FrameAllocator::allocate(usize count) {
    ASSERT(count >= 1 && count <= usize{1} << kMaxOrder);
    if (count == 1) return TRY(allocate_page(Holds::kAnything))
    .start;
    u32 number = take_run(static_cast<u32>(count));
    // Pages at hand may be what keeps blocks apart.
    if (number == kNone && drain_caches()) number = take_run(static_cast<u32>(count));
    if (number == kNone) return Error::kNoMemory;
    return PhysAddr{u64{number} << kPageShift};
}

void FrameAllocator::free(PhysAddr start, usize count) {
    if (count == 1) return free_page(start, Holds::kAnything);
    ASSERT(is_aligned(start.value, kPageSize));
    ASSERT(count > 1 && count <= usize{1} << kMaxOrder);
    ASSERT(zone_of(start.frame()) != nullptr);
    const u32 number = static_cast<u32>(start.frame());
    check_allocated(number, static_cast<u32>(count));
    if constexpr (kDebug) {
        fill_words({machine::direct_map(start).as<std::byte>(), count * kPageSize}, kPoison);
    }
    give_run(number, static_cast<u32>(count));
}

machine::PageRecord& FrameAllocator::record(PhysAddr page) {
    DEBUG_ASSERT(tag(static_cast<u32>(page.frame())) == kAllocated);
    return frame(page.frame()).record;
}

u64 FrameAllocator::count_free() {
    u64 free = 0;
    const machine::InterruptsOff off;
    for (u32 hart = 0; hart < harts_; ++hart) {
        PageCache& cache = caches_.of(hart);
        sync::IrqsOffGuard guard(cache.lock);
        free += cache.count;
    }
    sync::IrqsOffGuard guard(lock_);
    return free + free_;
}

}  // namespace kernel::mm
