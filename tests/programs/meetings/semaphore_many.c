// Many processes that wait for one semaphore each get one, and no more than there are.
#include "../check.h"

enum { kWaiters = 20, kRounds = 10 };
static int* semaphore;

static void waits(void) {
    for (int i = 0; i < kRounds; ++i) SAME(semacquire(semaphore, 1), 1);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    semaphore = shared_memory(4096);
    int pids[kWaiters];
    for (int i = 0; i < kWaiters; ++i) CHECK((pids[i] = child(waits)) > 0);
    for (int given = 0; given < kWaiters * kRounds; given += 4) CHECK(semrelease(semaphore, 4) > 0);
    for (int i = 0; i < kWaiters; ++i) ENDS(pids[i], "");
    SAME(*semaphore, 0);
    exits("");
}
