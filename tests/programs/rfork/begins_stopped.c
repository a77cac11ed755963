// With RFSTOP the child is Created, and does not begin until it is started or killed.
#include "../check.h"

static volatile int* ran;

/* Makes a child that calls body() when it is started. */
static int create_child(void (*body)(void)) {
    const int pid = rfork(RFPROC | RFFDG | RFSTOP);
    if (pid == 0) {
        body();
        _exits("");
    }
    CHECK(pid > 0);
    return pid;
}

static void counts(void) { ++*ran; }
static void sleeps(void) {
    for (;;) sleep(1000);
}
static void ends(void) {}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    ran = shared_memory(4096);
    for (int i = 0; i < 2; ++i) {
        const int pid = create_child(counts);
        for (int look = 0; look < 20; ++look) {
            CHECK(strcmp(state_of(pid), "Created") == 0);
            sleep(look % 2);
        }
        SAME(*ran, 0);
        SAME(control(pid, i == 0 ? "kill" : "start"), 0);
        if (i == 0) SAME(control(pid, "start"), -1);  // too late
        ENDS(pid, i == 0 ? "Killed" : "");
    }
    SAME(*ran, 1);
    // One that was started and is stopped later is Stopped, as any other.
    const int pid = create_child(sleeps);
    SAME(control(pid, "start"), 0);
    EVENTUALLY(strcmp(state_of(pid), "Sleep") == 0);
    SAME(control(pid, "stop"), 0);
    CHECK(strcmp(state_of(pid), "Stopped") == 0);
    SAME(control(pid, "start"), 0);
    FAILS(control(pid, "start"), "bad process or channel control request*");
    SAME(control(pid, "kill"), 0);
    ENDS(pid, "Killed");
    // Whoever starts it at once need not wait for it to stop.
    for (int i = 0; i < 50; ++i) {
        const int at_once = create_child(ends);
        SAME(control(at_once, "start"), 0);
        ENDS(at_once, "");
    }
    exits("");
}
