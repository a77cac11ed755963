// The buddy allocator at boot: from ranges of RAM to the first blocks, touching no other frame.
#include "base/assert.h"
#include "base/log.h"
#include "machine/memory.h"
#include "mm/frame_allocator.h"

namespace kernel::mm {

void FrameAllocator::initialize(std::span<const PhysRange> memory,
                                std::span<const PhysRange> reserved, u32 harts) {
    harts_ = std::min(harts, machine::kMaxHarts);
    for (usize i = 0; i < memory.size();) {
        // Ranges that touch are one zone, so that their blocks can join.
        const PhysAddr start = memory[i].start;
        PhysAddr end = memory[i].end();
        for (++i; i < memory.size() && memory[i].start <= end; ++i) {
            end = std::max(end, memory[i].end());
        }
        ASSERT(end.frame() < kNone);
        add_zone({static_cast<u32>(start.frame()), static_cast<u32>(end.frame())}, reserved);
    }
    // All caches together hold no more than a sixteenth of memory.
    cache_limit_ = static_cast<u32>(std::min<u64>(kCacheMax, total_ / 16 / harts_));
}

std::optional<FrameAllocator::Extent> FrameAllocator::next_extent(
    Extent ram, u32 from, std::span<const PhysRange> reserved) {
    u64 first = std::max(from, ram.first);
    u64 end = ram.end;
    for (const PhysRange& range : reserved) {
        const u64 range_first = range.start.frame();
        const u64 range_end = align_up(range.end().value, kPageSize) >> kPageShift;
        if (range_end <= first) continue;
        if (range_first > first) {
            end = std::min(end, range_first);
            break;
        }
        first = range_end;
    }
    if (first >= end) return std::nullopt;
    return Extent{static_cast<u32>(first), static_cast<u32>(end)};
}

/// Cuts `extent` into the largest aligned blocks.
template <class Use>
void FrameAllocator::for_each_block(Extent extent, Use&& use) {
    for (u32 at = extent.first; at < extent.end;) {
        const u32 fits = static_cast<u32>(std::bit_width(extent.end - at)) - 1;
        const u32 order = std::min({static_cast<u32>(std::countr_zero(at)), fits, kMaxOrder});
        use(at, order);
        at += u32{1} << order;
    }
}

void FrameAllocator::add_zone(Extent ram, std::span<const PhysRange> reserved) {
    // The Frames of a zone stand at the beginning of its largest extent.
    std::optional<Extent> largest;
    for (auto extent = next_extent(ram, ram.first, reserved); extent;
         extent = next_extent(ram, extent->end, reserved)) {
        if (!largest || extent->size() > largest->size()) largest = extent;
    }
    const u64 frame_bytes = u64{ram.size()} * sizeof(Frame);
    const u32 frame_pages = static_cast<u32>(align_up(frame_bytes, kPageSize) >> kPageShift);
    if (!largest || largest->size() <= frame_pages || zone_count_ == zones_.size()) {
        klog("mm: {} KiB of memory at {:x} not used", u64{ram.size()} * (kPageSize / kKiB),
             u64{ram.first} << kPageShift);
        return;
    }
    Zone& zone = zones_[zone_count_++];
    zone.first = ram.first;
    zone.end = ram.end;
    zone.frames =
        machine::direct_map(PhysAddr{u64{largest->first} << kPageShift}).template as<Frame>();

    const auto usable = [&](Extent extent) {
        if (extent.first == largest->first) extent.first += frame_pages;
        return extent;
    };
    // First every buddy is said to be reserved; then those that are first blocks say otherwise.
    // What is left so is a buddy that is not free, or has been cut into other blocks.
    for (auto extent = next_extent(ram, ram.first, reserved); extent;
         extent = next_extent(ram, extent->end, reserved)) {
        for_each_block(usable(*extent), [&](u32 number, u32 order) {
            const u32 buddy = number ^ (u32{1} << order);
            if (order < kMaxOrder && zone.contains(buddy)) set_tag(buddy, kReserved);
        });
    }
    sync::IrqSaveGuard guard(lock_);
    for (auto extent = next_extent(ram, ram.first, reserved); extent;
         extent = next_extent(ram, extent->end, reserved)) {
        for_each_block(usable(*extent), [&](u32 number, u32 order) {
            lock_.assert_held();
            push_block(number, order);
            total_ += u64{1} << order;
        });
    }
}

}  // namespace kernel::mm
