// SlabGeometry: for every size objects fit, are aligned, and are found again from their offset.
#include "mm/slab_geometry.h"

#include <gtest/gtest.h>

namespace kernel::mm {
namespace {

TEST(SlabGeometry, HoldsForEverySizeAndAlignment) {
    for (usize alignment = 1; alignment <= kPageSize; alignment *= 2) {
        for (usize size = 1; size <= kMaxObjectSize; size += size < 600 ? 1 : 61) {
            const SlabGeometry geometry = SlabGeometry::of(size, alignment);
            ASSERT_GE(geometry.count, 1u);
            ASSERT_LE(geometry.count, kMaxSlabObjects);
            ASSERT_GE(geometry.stride, size + kRedZoneBytes);
            ASSERT_GE(geometry.first, kSlabHeaderBytes);
            ASSERT_LE(geometry.first + geometry.count * geometry.stride, geometry.slab_bytes());
            ASSERT_TRUE(is_aligned(geometry.first, alignment));
            ASSERT_TRUE(is_aligned(geometry.stride, alignment));
            ASSERT_LE(geometry.rounds, kMaxRounds);
            for (u32 index = 0; index < geometry.count; ++index) {
                const usize offset = geometry.first + index * geometry.stride;
                ASSERT_EQ(geometry.index_of(offset), index) << size << " " << alignment;
                ASSERT_EQ(geometry.index_of(offset + geometry.stride - 1), index);
            }
        }
    }
}

TEST(SlabGeometry, WastesLittleOnCommonSizes) {
    for (const usize size : {16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048}) {
        const SlabGeometry geometry = SlabGeometry::of(size, 16);
        const usize used = geometry.count * geometry.stride;
        EXPECT_LE(geometry.slab_bytes() - used, geometry.slab_bytes() / 8) << size;
        EXPECT_GE(geometry.count, 8u) << size;
    }
}

}  // namespace
}  // namespace kernel::mm
