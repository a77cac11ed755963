// After RFNOMNT few devices can be named with #, for the process and its children.
#include "../check.h"

static void seen(void) { CHECK(open("#s", OREAD) >= 0); }

/* A child made with `flags` sees what `body` looks for. */
static void child_with(int flags, void (*body)(void)) {
    const int pid = rfork(RFPROC | RFFDG | flags);
    CHECK(pid >= 0);
    if (pid == 0) {
        body();
        exits("");
    }
    ENDS(pid, "");
}

static void look(void) {
    CHECK(open("#s", OREAD) == -1);
    CHECK(open("#c/null", OREAD) >= 0);
    CHECK(open("/bin/echo", OREAD) >= 0);
}

static void makes_sharer(void) { child_with(RFNOMNT, look); }

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    CHECK(open("#s", OREAD) >= 0);
    // In a child that has a name space of its own, and not here.
    child_with(RFNAMEG | RFNOMNT, look);
    child_with(RFCNAMEG, seen);
    seen();
    // Where names are shared, too, before the child can do anything.
    for (int i = 0; i < 50; ++i) child_with(RFNAMEG, makes_sharer);
    SAME(rfork(RFNAMEG | RFNOMNT), 0);
    look();
    DIES(look, "");
    SAME(rfork(RFNAMEG), 0);
    look();
    SAME(rfork(RFCNAMEG), 0);
    exits("");
}
