// Failure injection: whichever allocation of an operation fails, it says so and keeps nothing.
#include "mm/failure.h"

#include <gtest/gtest.h>

#include "mm/frames.h"
#include "mm/heap.h"
#include "mm/kernel_stack.h"
#include "mm/object_cache.h"
#include "mm/reclaim.h"
#include "tests/unit/mm/test_ram.h"

namespace kernel::mm {
namespace {

int countdown = 0;
bool failed = false;

bool fail_in_turn(usize bytes) {
    EXPECT_GT(bytes, 0u);
    if (--countdown != 0) return false;
    failed = true;
    return true;
}

class FailureTest : public testing::MemoryTest {
protected:
    FailureTest() : MemoryTest(64 * kMiB) {}

    /// Runs `operation` with its first, second, ... allocation failing, until it asks for no more.
    template <class Operation>
    void fail_each(Operation&& operation) {
        int failures = 0;
        for (int turn = 1;; ++turn) {
            ASSERT_LT(turn, 1000);
            while (reclaim_memory(1)) {
            }
            countdown = turn;
            failed = false;
            set_failure_hook(fail_in_turn);
            const Result<void> outcome = operation();
            set_failure_hook(nullptr);
            if (!outcome.ok()) {
                EXPECT_TRUE(failed);
                EXPECT_EQ(outcome.error(), Error::kNoMemory);
                ++failures;
            }
            EXPECT_EQ(testing::InUse::now(), before_) << "allocation " << turn;
            if (!failed) break;
        }
        EXPECT_GT(failures, 0);
    }
};

TEST_F(FailureTest, OfPages) {
    fail_each([]() -> Result<void> {
        const OwnedPages one = TRY(OwnedPages::create(1, PageFill::kZero));
        const OwnedPages more = TRY(OwnedPages::create(7, PageFill::kAny));
        return {};
    });
}

TEST_F(FailureTest, OfStacks) {
    fail_each([]() -> Result<void> {
        const KernelStack first = TRY(KernelStack::create());
        const KernelStack second = TRY(KernelStack::create());
        return {};
    });
}

constinit ObjectCache<std::array<u64, 20>> arrays("test array");

TEST_F(FailureTest, OfObjectsAndHeap) {
    fail_each([]() -> Result<void> {
        const Buffer small = TRY(Buffer::create(100));
        const Buffer large = TRY(Buffer::create(10'000));
        auto* array = TRY(arrays.create());
        arrays.destroy(*array);
        const auto box = TRY(Box<u64>::create(5));
        return {};
    });
}

}  // namespace
}  // namespace kernel::mm
