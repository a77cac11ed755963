// A child that is made with RFNOWAIT leaves no record.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    volatile int* const done = shared_memory(4096);
    for (int i = 0; i < 20; ++i) {
        *done = 0;
        const int pid = rfork(RFPROC | RFFDG | RFNOWAIT);
        if (pid == 0) {
            *done = 1;
            _exits("nobody hears this");
        }
        CHECK(pid > 0);
        FAILS(waitpid(), "no living children");
        EVENTUALLY(*done);
    }
    exits("");
}
