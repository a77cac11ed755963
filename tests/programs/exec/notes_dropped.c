// exec() drops the notes that wait, and the handler that they wait for is not running any more.
#include "../check.h"

static void executes(void* registers, char* text) {
    USED(registers), USED(text);
    // These wait for the end of this handler, which does not come.
    SAME(postnote(PNPROC, getpid(), "one"), 0);
    SAME(postnote(PNPROC, getpid(), "two"), 0);
    SAME(control(getpid(), "interrupt"), 0);
    exec("/suite/notes_dropped", (char*[]){"x", "again", nil});
    fail("exec: %r");
}

static void runs(void) {
    CHECK(notify(executes) == 0);
    SAME(postnote(PNPROC, getpid(), "go"), 0);
}

void main(int argc, char* argv[]) {
    USED(argv);
    if (argc > 1) {
        // What was asked without a note stays until a call waits.
        FAILS(sleep(100000), "interrupted");
        SAME(sleep(5), 0);
        CHECK(notify(count_notes) == 0);
        SAME(notes_seen, 0);
        SAME(postnote(PNPROC, getpid(), "three"), 0);
        SAME(notes_seen, 1);
        CHECK(strcmp(last_note, "three") == 0);
        exits("seen");
    }
    for (int i = 0; i < 5; ++i) DIES(runs, "seen");
    exits("");
}
