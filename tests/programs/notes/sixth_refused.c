// Five notes wait for a process; a sixth is refused, and all five come.
#include "../check.h"

static volatile int* seen;

static void counts(void* registers, char* text) {
    USED(registers);
    SAME(atoi(text), seen[0]);
    ++seen[0];
    noted(NCONT);
}

static void waits(void) {
    CHECK(notify(counts) == 0);
    seen[1] = 1;
    while (seen[0] < 5) sleep(1);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    seen = shared_memory(4096);
    const int pid = child(waits);
    EVENTUALLY(seen[1]);
    SAME(control(pid, "stop"), 0);
    for (int i = 0; i < 5; ++i) {
        char text[2] = {'0' + i, '\0'};
        SAME(postnote(PNPROC, pid, text), 0);
    }
    FAILS(postnote(PNPROC, pid, "5"), "note not posted*");
    SAME(control(pid, "start"), 0);
    ENDS(pid, "");
    SAME(seen[0], 5);
    exits("");
}
