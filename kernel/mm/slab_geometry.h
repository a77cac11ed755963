// SlabGeometry: how the slabs of a cache are laid out.
#pragma once

#include "base/assert.h"
#include "base/std.h"
#include "base/units.h"

namespace kernel::mm {

/// The largest object of a slab cache.
inline constexpr usize kMaxObjectSize = 8 * kKiB;
/// The largest slab, as a power of two of pages. Runs are aligned to their size, also as virtual
/// addresses: that is how a slab is found from an object.
inline constexpr u32 kMaxSlabOrder = 4;
inline constexpr usize kMaxSlabBytes = kPageSize << kMaxSlabOrder;
/// Objects a slab may have: bits in its header.
inline constexpr u32 kMaxSlabObjects = 256;
/// Bytes at the start of a slab.
inline constexpr usize kSlabHeaderBytes = 80;
/// Objects in a magazine at most.
inline constexpr u32 kMaxRounds = 16;

/// In debug builds an object is followed by at least this much: a pattern, and in the last word of
/// its stride whether it is free.
inline constexpr usize kRedZoneBytes = kDebug ? 16 : 0;

/// ```
/// | header | gap to alignment | object | zone | object | zone | ... | waste |
///                             ^first            ^first + stride
/// ```
struct SlabGeometry {
    usize size = 0;      // what the user gets
    usize stride = 0;    // from object to object
    usize first = 0;     // offset of the first object
    u64 reciprocal = 0;  // ceil(2^32 / stride): index_of() without a division
    u32 order = 0;       // pages, as a power of two
    u32 count = 0;       // objects in a slab
    u32 rounds = 0;      // objects in a magazine

    constexpr usize slab_bytes() const { return kPageSize << order; }

    /// The number of the object at `offset` from the start of the slab.
    constexpr u32 index_of(usize offset) const {
        // Exact, because offsets are below 2^16 and strides below 2^14.
        return static_cast<u32>(((offset - first) * reciprocal) >> 32);
    }

    /// The smallest slab that holds enough objects and wastes little.
    static constexpr SlabGeometry of(usize size, usize alignment) {
        ASSERT(size > 0 && size <= kMaxObjectSize);
        ASSERT(std::has_single_bit(alignment) && alignment <= kPageSize);
        alignment = std::max<usize>(alignment, 8);
        SlabGeometry geometry;
        geometry.size = size;
        geometry.stride = align_up(size + kRedZoneBytes, alignment);
        geometry.first = align_up(kSlabHeaderBytes, alignment);
        geometry.reciprocal = ((u64{1} << 32) + geometry.stride - 1) / geometry.stride;
        for (u32 order = 0; order <= kMaxSlabOrder; ++order) {
            geometry.order = order;
            const usize room = geometry.slab_bytes() - geometry.first;
            geometry.count =
                static_cast<u32>(std::min<usize>(room / geometry.stride, kMaxSlabObjects));
            const usize waste = geometry.slab_bytes() - geometry.count * geometry.stride;
            if (geometry.count >= 8 && waste <= geometry.slab_bytes() / 8) break;
        }
        ASSERT(geometry.count >= 1);
        geometry.rounds = size <= 512 ? kMaxRounds : size <= 2048 ? 8 : 4;
        return geometry;
    }
};

}  // namespace kernel::mm
