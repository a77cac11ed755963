// lowest_bit(): right for every place, whatever stands above, on every machine.
#include "base/lowest_bit.h"

#include <gtest/gtest.h>

#include <random>

namespace kernel {
namespace {

TEST(LowestBit, IsFoundAtEveryPlaceWhateverStandsAbove) {
    std::mt19937_64 random(1);
    for (u32 place = 0; place < 64; ++place) {
        for (int turn = 0; turn < 100; ++turn) {
            const u64 above = turn == 0 ? 0 : random() << 1;
            const u64 bits = (above | 1) << place;
            ASSERT_EQ(lowest_bit(bits), place);
            ASSERT_EQ(detail::lowest_bit_by_product(bits), place);
        }
    }
}

}  // namespace
}  // namespace kernel
