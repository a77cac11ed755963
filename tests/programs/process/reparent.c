// The child of a process that ended has pid 1 as its parent, and leaves no record with others.
#include "../check.h"

static int ends[2];

static void orphan(void) {
    EVENTUALLY(getppid() == 1);
    CHECK(write(ends[1], "x", 1) == 1);
}

static void parent(void) { CHECK(child(orphan) > 0); }

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    CHECK(pipe(ends) == 0);
    for (int i = 0; i < 20; ++i) {
        char text;
        DIES(parent, "");
        SAME(read(ends[0], &text, 1), 1);
        FAILS(waitpid(), "no living children");
    }
    exits("");
}
