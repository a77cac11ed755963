// With RFPPWAIT the maker goes on when the child has executed a program or has ended, in whatever
// way.
#include "../check.h"

static volatile int done;
static volatile uintptr wild = 8;

static void executes(void) {
    sleep(5);
    // What is no program changes nothing.
    FAILS(exec("/no/such/program", (char*[]){"x", nil}), "file does not exist*");
    sleep(5);
    done = 2;
    exec("/bin/echo", (char*[]){"echo", "hello", nil});
    fail("exec: %r");
}
static void ends(void) {
    sleep(5);
    done = 1;
    _exits("ended");
}
static void faults(void) {
    sleep(5);
    done = 3;
    *(volatile char*)wild = 0;
}
static void is_killed(void) {
    sleep(5);
    done = 4;
    control(getpid(), "kill");
    for (;;) sleep(1000);
}

/* The child that does `body` ends with `status`, and has done `what` when its maker goes on. */
static void with(void (*body)(void), int what, const char* status) {
    const int pid = rfork(RFPROC | RFFDG | RFMEM | RFPPWAIT);
    if (pid == 0) {
        body();
        _exits("goes on");
    }
    SAME(done, what);
    ENDS(pid, status);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    with(ends, 1, "ended");
    with(executes, 2, "");
    with(faults, 3, "sys: trap: fault write addr=0x8 *");
    with(is_killed, 4, "Killed");
    exits("");
}
