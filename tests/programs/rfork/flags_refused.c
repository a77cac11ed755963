// Flags that contradict each other, or ask for what needs a new process without one, are refused.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    static const int kPairs[] = {RFFDG | RFCFDG, RFNAMEG | RFCNAMEG, RFENVG | RFCENVG};
    for (usize i = 0; i < nelem(kPairs); ++i) {
        FAILS(rfork(kPairs[i]), "bad arg in system call");
        FAILS(rfork(RFPROC | kPairs[i]), "bad arg in system call");
    }
    FAILS(rfork(RFMEM), "bad arg in system call");
    FAILS(rfork(RFNOWAIT), "bad arg in system call");
    FAILS(rfork(RFPPWAIT), "bad rfork flags");
    FAILS(rfork(RFSTOP), "bad rfork flags");
    FAILS(rfork(RFTHREAD), "bad rfork flags");
    FAILS(rfork(RFPROC | RFTHREAD), "bad rfork flags");
    FAILS(rfork(RFPROC | RFPPWAIT), "bad rfork flags");
    FAILS(rfork(RFPROC | RFMEM | RFPPWAIT | RFSTOP), "bad rfork flags");
    FAILS(waitpid(), "no living children");
    SAME(rfork(0), 0);
    exits("");
}
