// Children that fork children that fork, until they are told to stop or there are no more.
#include "../check.h"

static volatile int* stop;

static void forks(void) {
    while (!*stop) {
        if (fork() < 0) sleep(1);
    }
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    stop = shared_memory(4096);
    const int pid = child(forks);
    sleep(50);
    *stop = 1;
    ENDS(pid, "");
    // Those that others left end, too, and then there is room again.
    int after;
    EVENTUALLY((after = child(forks)) > 0);
    ENDS(after, "");
    exits("");
}
