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

Frame& FrameAllocator::frame(u32 number) {
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

u32 FrameAllocator::pop(PageCache& cache) {
    const u32 number = cache.head;
    if (number == kNone) return kNone;
    cache.head = frame(number).links.next;
    --cache.count;
    if constexpr (kDebug) check_poison(number);
    set_tag(number, kAllocated);
    return number;
}

void FrameAllocator::push(PageCache& cache, u32 number, u32 tag) {
    frame(number).links.next = cache.head;
    set_tag(number, tag);
    cache.head = number;
    ++cache.count;
}

void FrameAllocator::check_poison(u32 number) {
    if (tag(number) != kCachedPoisoned) return;
    const VirtAddr page = machine::direct_map(PhysAddr{u64{number} << kPageShift});
    mm::check_poison({page.as<std::byte>(), kPageSize}, "mm: a free page was");
}

void FrameAllocator::refill(PageCache& cache) {
    sync::IrqsOffGuard guard(lock_);
    for (u32 i = 0; i < std::max<u32>(1, std::min(kBatch, cache_limit_)); ++i) {
        const u32 number = take_block(0);
        if (number == kNone) return;
        push(cache, number, kCached);
    }
}

void FrameAllocator::shrink(PageCache& cache, u32 keep) {
    sync::IrqsOffGuard guard(lock_);
    while (cache.count > keep) {
        const u32 number = cache.head;
        cache.head = frame(number).links.next;
        --cache.count;
        free_block(number, 0);
    }
}

u32 FrameAllocator::take_page() {
    const machine::InterruptsOff off;
    {
        PageCache& cache = caches_.mine();
        sync::IrqsOffGuard guard(cache.lock);
        if (cache.head == kNone) refill(cache);
        if (const u32 number = pop(cache); number != kNone) return number;
    }
    return steal_page();
}

u32 FrameAllocator::steal_page() {
    for (u32 hart = 0; hart < harts_; ++hart) {
        PageCache& cache = caches_.of(hart);
        sync::IrqsOffGuard guard(cache.lock);
        if (const u32 number = pop(cache); number != kNone) return number;
    }
    return kNone;
}

void FrameAllocator::give_page(u32 number) {
    const machine::InterruptsOff off;
    PageCache& cache = caches_.mine();
    sync::IrqsOffGuard guard(cache.lock);
    push(cache, number, kDebug ? kCachedPoisoned : kCached);
    if (cache.count > cache_limit_) shrink(cache, cache_limit_ / 2);
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

Result<PhysAddr> FrameAllocator::allocate(usize count) {
    ASSERT(count >= 1 && count <= usize{1} << kMaxOrder);
    u32 number = kNone;
    if (count == 1) {
        number = take_page();
    } else {
        number = take_run(static_cast<u32>(count));
        // Pages at hand may be what keeps blocks apart.
        if (number == kNone && drain_caches()) number = take_run(static_cast<u32>(count));
    }
    if (number == kNone) return Error::kNoMemory;
    return PhysAddr{u64{number} << kPageShift};
}

void FrameAllocator::free(PhysAddr start, usize count) {
    ASSERT(is_aligned(start.value, kPageSize));
    ASSERT(count >= 1 && count <= usize{1} << kMaxOrder);
    ASSERT(zone_of(start.frame()) != nullptr);
    const u32 number = static_cast<u32>(start.frame());
    check_allocated(number, static_cast<u32>(count));
    if constexpr (kDebug) {
        fill_words({machine::direct_map(start).as<std::byte>(), count * kPageSize}, kPoison);
    }
    if (count == 1) {
        give_page(number);
    } else {
        give_run(number, static_cast<u32>(count));
    }
}

machine::PageRecord& FrameAllocator::record(PhysAddr page) {
    const auto number = static_cast<u32>(page.frame());
    DEBUG_ASSERT(tag(number) == kAllocated);
    return frame(number).record;
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
