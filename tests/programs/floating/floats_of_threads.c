// Processes that share all memory have floating-point registers of their own: at first what their
// maker had.
#include "floats.h"

enum { kThreads = 6, kRounds = 100 };
static char stacks[kThreads][8192];
static int done, wrong;

static void work(void* argument) {
    const int number = (int)(uintptr)argument;
    Floats expected = pattern(99), now;
    for (int round = 0; round < kRounds; ++round) {
        get_floats(&now);
        if (memcmp(&now, &expected, sizeof now) != 0)
            __atomic_fetch_add(&wrong, 1, __ATOMIC_RELAXED);
        expected = pattern(number + round * kThreads);
        set_floats(&expected);
        sleep(round % 2);
    }
    semrelease(&done, 1);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    const Floats mine = pattern(99);
    set_floats(&mine);
    for (int i = 0; i < kThreads; ++i) {
        CHECK(thread_create(work, (void*)(uintptr)i, stacks[i] + 8192) > 0);
    }
    for (int i = 0; i < kThreads; ++i) SAME(semacquire(&done, 1), 1);
    SAME(wrong, 0);
    FLOATS_ARE(mine);
    exits("");
}
