// Processes that never call the kernel do not keep others from running.
#include "../check.h"

static int ends[2];

static void spin(void) {
    for (;;) __asm__ volatile("");
}

static void say(void) {
    CHECK(write(ends[1], "x", 1) == 1);
    spin();
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    CHECK(pipe(ends) == 0);
    int pids[6];
    for (int i = 0; i < 5; ++i) pids[i] = child(spin);
    pids[5] = child(say);
    char text;
    SAME(read(ends[0], &text, 1), 1);
    for (int i = 0; i < 6; ++i) SAME(control(pids[i], "kill"), 0);
    for (int i = 0; i < 6; ++i) ENDS(pids[i], "Killed");
    exits("");
}
