// tsemacquire() gives up when its time is over, and not before.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    static int semaphore;
    const vlong before = nsec();
    SAME(tsemacquire(&semaphore, 20), 0);
    CHECK(nsec() - before >= 20 * 1000000ll);
    SAME(tsemacquire(&semaphore, 0), 0);
    semaphore = 1;
    SAME(tsemacquire(&semaphore, 100000), 1);
    SAME(semaphore, 0);
    exits("");
}
