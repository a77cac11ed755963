// A child has its maker's handler; a program that is executed has none.
#include "../check.h"

static void posts(void) {
    SAME(postnote(PNPROC, getpid(), "hello"), 0);
    SAME(notes_seen, 1);
}

void main(int argc, char* argv[]) {
    USED(argv);
    if (argc > 1) {
        SAME(postnote(PNPROC, getpid(), "again"), 0);
        exits("handled");
    }
    CHECK(notify(count_notes) == 0);
    DIES(posts, "");
    SAME(notes_seen, 0);
    const int pid = fork();
    if (pid == 0) {
        exec("/suite/handler_inherited", (char*[]){"again", "x", nil});
        fail("exec: %r");
    }
    ENDS(pid, "again");
    exits("");
}
