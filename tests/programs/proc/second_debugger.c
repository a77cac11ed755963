// One at a time waits for a process to stop; another is told so, and changes nothing.
#include "../check.h"

static volatile int* go;
static int target;

static void spins(void) {
    while (*go == 0) sleep(1);
}

static void waits(void) {
    SAME(control(target, "waitstop"), 0);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    go = shared_memory(4096);
    target = child(spins);
    const int debugger = child(waits);
    EVENTUALLY(strcmp(state_of(debugger), "Stopwait") == 0);
    FAILS(control(target, "stop"), "device or object already in use");
    FAILS(control(target, "waitstop"), "device or object already in use");
    // That of the second was no request.
    CHECK(strcmp(state_of(target), "Stopped") != 0);
    // The first goes away; the second may, and stops it for good.
    SAME(control(debugger, "interrupt"), 0);
    ENDS(debugger, "line*");
    SAME(control(target, "stop"), 0);
    SAME(control(target, "stop"), 0);
    SAME(control(target, "waitstop"), 0);
    CHECK(strcmp(state_of(target), "Stopped") == 0);
    *go = 1;
    SAME(control(target, "start"), 0);
    ENDS(target, "");
    FAILS(control(target, "start"), "file does not exist*");
    exits("");
}
