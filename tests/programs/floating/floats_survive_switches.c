// Floating-point registers are each process's own, however harts turn from one to another.
#include "floats.h"

enum { kProcesses = 6, kRounds = 120 };

/* Sleeps, gives way, or computes until somebody else gets the hart. */
static void let_others(int round) {
    if (round % 3 == 0) {
        sleep(1);
    } else if (round % 3 == 1) {
        sleep(0);
    } else {
        for (volatile int i = 0; i < 20000; ++i) {
        }
    }
}

static void keep(int number) {
    for (int round = 0; round < kRounds; ++round) {
        const Floats mine = pattern(number * 1000 + round);
        set_floats(&mine);
        let_others(round);
        FLOATS_ARE(mine);
        /* Looking has changed nothing, so this time nothing need be saved. */
        let_others(round + 1);
        FLOATS_ARE(mine);
    }
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    for (int number = 1; number < kProcesses; ++number) {
        const int pid = fork();
        CHECK(pid >= 0);
        if (pid == 0) {
            keep(number);
            exits("");
        }
    }
    keep(0);
    for (int number = 1; number < kProcesses; ++number) {
        Waitmsg* const message = wait();
        CHECK(message != nil);
        if (message->msg[0] != '\0') fail("%s", message->msg);
        free(message);
    }
    exits("");
}
