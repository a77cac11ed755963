// An alarm that was set before exec() rings after it, at its time.
#include "../check.h"

enum { kMs = 100 };

static void runs(char* how) {
    exec("/suite/alarm_survives", (char*[]){"x", how, nil});
    fail("exec: %r");
}
static void rings(void) {
    alarm(kMs);
    runs("waits");
}
static void is_asked(void) {
    alarm(100000);
    runs("asks");
}
static void is_called_off(void) {
    alarm(kMs);
    runs("calls off");
}

void main(int argc, char* argv[]) {
    if (argc > 1 && strcmp(argv[1], "waits") == 0) {
        sleep(100000);
        exits("not rung");
    }
    if (argc > 1 && strcmp(argv[1], "asks") == 0) {
        const long left = alarm(0);
        CHECK(left > 0 && left <= 100000);
        exits("");
    }
    if (argc > 1) {
        alarm(0);
        sleep(2 * kMs);
        exits("");
    }
    // There is no handler any more, so it ends the program.
    const vlong before = nsec();
    DIES(rings, "alarm");
    CHECK(nsec() - before >= kMs * 1000000ll);
    DIES(is_asked, "");
    DIES(is_called_off, "");
    exits("");
}
