// SeqValue: readers see whole values, whatever the writer does meanwhile.
#include "sync/sequence.h"

#include <gtest/gtest.h>

#include "tests/host/upcalls/bare.h"

namespace kernel::sync {
namespace {

struct Triple {
    u64 a = 0;
    u64 b = 0;
    u32 c = 0;
};

TEST(SeqValue, ReadsBackWhatWasWritten) {
    SeqValue<Triple> value;
    EXPECT_EQ(value.read().a, 0u);
    const machine::InterruptsOff off;
    value.write({1, 2, 3});
    const Triple read = value.read();
    EXPECT_EQ(read.a, 1u);
    EXPECT_EQ(read.b, 2u);
    EXPECT_EQ(read.c, 3u);
}

TEST(SeqValue, ReadersNeverSeeHalfAWrite) {
    for (u64 seed = 1; seed <= 100; ++seed) {
        SeqValue<Triple> value;
        Atomic<u32> done{0};
        constexpr u32 kWrites = 50;
        host::run_bare({.harts = 3, .seed = seed},
                       {.boot =
                            [&] {
                                machine::start_other_harts();
                                for (u32 i = 1; i <= kWrites; ++i)
                                    value.write({i, 2ull * i, 3 * i});
                                while (done.load(std::memory_order_acquire) != 2) machine::relax();
                            },
                        .other =
                            [&] {
                                u64 last = 0;
                                do {
                                    const Triple read = value.read();
                                    EXPECT_EQ(read.b, 2 * read.a);
                                    EXPECT_EQ(read.c, 3 * read.a);
                                    EXPECT_GE(read.a, last);
                                    last = read.a;
                                } while (last != kWrites);
                                done.fetch_add(1, std::memory_order_release);
                            }});
        ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed;
    }
}

}  // namespace
}  // namespace kernel::sync
