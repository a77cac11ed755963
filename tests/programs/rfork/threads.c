// thread_create() makes processes that share all memory: what lies on stacks, too.
#include "../check.h"

enum { kThreads = 8, kRounds = 2000 };
static char stacks[kThreads][8192];

typedef struct {
    int* semaphore;
    int* sum;
    int ready;
} Shared;

static void work(void* argument) {
    Shared* const shared = argument;
    for (int i = 0; i < kRounds; ++i) __atomic_fetch_add(shared->sum, 1, __ATOMIC_RELAXED);
    semrelease(shared->semaphore, 1);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    int semaphore = 0, sum = 0;
    Shared shared = {&semaphore, &sum, 0};
    for (int i = 0; i < kThreads; ++i) CHECK(thread_create(work, &shared, stacks[i] + 8192) > 0);
    for (int i = 0; i < kThreads; ++i) SAME(semacquire(&semaphore, 1), 1);
    SAME(sum, kThreads * kRounds);
    FAILS(waitpid(), "no living children");
    exits("");
}
