// semacquire() takes one, or waits for one, or says that there is none.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    int* const semaphore = shared_memory(4096);
    SAME(semacquire(semaphore, 0), 0);
    SAME(semrelease(semaphore, 2), 2);
    SAME(semacquire(semaphore, 1), 1);
    SAME(semacquire(semaphore, 0), 1);
    SAME(semacquire(semaphore, 0), 0);
    SAME(*semaphore, 0);
    const int pid = fork();
    if (pid == 0) {
        sleep(5);
        SAME(semrelease(semaphore, 1), 1);
        _exits("");
    }
    SAME(semacquire(semaphore, 1), 1);
    ENDS(pid, "");
    exits("");
}
