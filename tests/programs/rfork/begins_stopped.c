// With RFSTOP the child is stopped before its first instruction, until it is started or killed.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    volatile int* const ran = shared_memory(4096);
    for (int i = 0; i < 2; ++i) {
        const int pid = rfork(RFPROC | RFFDG | RFSTOP);
        if (pid == 0) {
            ++*ran;
            _exits("");
        }
        EVENTUALLY(strcmp(state_of(pid), "Stopped") == 0);
        sleep(2);
        SAME(*ran, 0);
        SAME(control(pid, i == 0 ? "kill" : "start"), 0);
        ENDS(pid, i == 0 ? "Killed" : "");
    }
    SAME(*ran, 1);
    // Whoever starts it at once need not wait for it to stop.
    for (int i = 0; i < 50; ++i) {
        const int pid = rfork(RFPROC | RFFDG | RFSTOP);
        if (pid == 0) _exits("");
        SAME(control(pid, "start"), 0);
        ENDS(pid, "");
    }
    exits("");
}
