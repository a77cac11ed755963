// Who writes `stop` to its own ctl stops when that call is over.
#include "../check.h"

static volatile int* went_on;

static void stops(void) {
    SAME(control(getpid(), "stop"), 0);
    *went_on = 1;
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    went_on = shared_memory(4096);
    const int pid = child(stops);
    EVENTUALLY(strcmp(state_of(pid), "Stopped") == 0);
    SAME(*went_on, 0);
    SAME(control(pid, "start"), 0);
    ENDS(pid, "");
    SAME(*went_on, 1);
    exits("");
}
