// `interrupt` that comes between two calls ends the next one that would block, and only that.
#include "../check.h"

static void is_interrupted(void) {
    SAME(control(getpid(), "interrupt"), 0);
    SAME(getpid() > 0, 1);
    FAILS(sleep(100000), "interrupted");
    SAME(sleep(1), 0);
    SAME(control(getpid(), "interrupt"), 0);
    SAME(control(getpid(), "nointerrupt"), 0);
    SAME(sleep(1), 0);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    ENDS(child(is_interrupted), "");
    exits("");
}
