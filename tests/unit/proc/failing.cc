// Failing each allocation in turn.
#include "tests/unit/proc/failing.h"

#include "mm/failure.h"
#include "tests/unit/proc/process_world.h"

namespace kernel::proc::test {
namespace {

/// Fails the `fail_at`-th allocation from now on; counts them.
std::atomic<u32> allocations;
std::atomic<u32> fail_at;

bool fail(usize) { return ++allocations == fail_at; }

}  // namespace

void fail_each(const std::function<Result<void>()>& make, const std::function<void()>& undo,
               Allocates allocates) {
    const Census before = Census::now();
    for (u32 i = 1;; ++i) {
        ASSERT_LT(i, 300u) << "no end";
        allocations = 0;
        fail_at = i;
        mm::set_failure_hook(fail);
        const Result<void> made = make();
        mm::set_failure_hook(nullptr);
        const bool failed_one = allocations >= i;
        if (!failed_one) {
            EXPECT_EQ(outcome(made), "ok");
            EXPECT_TRUE(i > 1 || allocates == Allocates::kPerhaps) << "nothing was allocated";
            undo();
            return;
        }
        // An object that finds its slab full asks twice; a cache may do without its magazine.
        if (made.ok()) {
            undo();
        } else {
            EXPECT_EQ(outcome(made), "kernel allocate failed");
        }
        EXPECT_EQ(Census::now(), before) << "allocation " << i;
    }
}

}  // namespace kernel::proc::test
