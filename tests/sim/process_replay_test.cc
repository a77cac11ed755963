// Whole processes replay too: nothing of kernel/proc and what is beneath depends on addresses or on
// the host.
#include <gtest/gtest.h>

#include "machine/random.h"
#include "proc/notes.h"
#include "sched/rendez.h"
#include "tests/unit/proc/process_world.h"

namespace kernel::proc::test {
namespace {

/// Makes, notes, ends and waits.
void a_bit_of_life() {
    for (u32 i = 0; i < 4; ++i) {
        child([] {
            (void)sched::sleep_for(nanos_from_micros(machine::jitter() % 50));  // ignored: a pause
            (void)call_done(Result<void>{});  // ignored: only a place where a note ends it
            return "bye";
        });
    }
    post_to_group(*group_of(current().id()), "stop");
    for (u32 i = 0; i < 4; ++i) must_wait();
}

fixture::Outcome live(u64 seed) {
    WorldOptions options;
    options.machine.harts = 3;
    options.machine.seed = seed;
    return run_world(a_bit_of_life, options);
}

TEST(ProcessReplay, TheSameSeedGivesTheSameHistory) {
    for (u64 seed = 1; seed <= 30; ++seed) {
        const fixture::Outcome first = live(seed);
        const fixture::Outcome second = live(seed);
        EXPECT_EQ(first.trace, second.trace) << "seed " << seed;
        EXPECT_EQ(first.steps, second.steps) << "seed " << seed;
        EXPECT_EQ(first.time, second.time) << "seed " << seed;
    }
}

}  // namespace
}  // namespace kernel::proc::test
