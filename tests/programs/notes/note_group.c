// A note to a group reaches all of it, and nobody who left it.
#include "../check.h"

static volatile int* seen;
static int which;

static void counts(void* registers, char* text) {
    USED(registers), USED(text);
    ++seen[which];
    noted(NCONT);
}

static void member(void) {
    if (which == 3) CHECK(rfork(RFNOTEG) == 0);
    CHECK(notify(counts) == 0);
    seen[8 + which] = 1;
    while (!seen[16]) sleep(1);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    seen = shared_memory(4096);
    CHECK(rfork(RFNOTEG) == 0);
    CHECK(notify(count_notes) == 0);
    int pids[4];
    for (which = 0; which < 4; ++which) pids[which] = child(member);
    EVENTUALLY(seen[8] && seen[9] && seen[10] && seen[11]);
    SAME(postnote(PNGROUP, pids[1], "all of you"), 0);
    EVENTUALLY(seen[0] == 1 && seen[1] == 1 && seen[2] == 1);
    seen[16] = 1;
    for (int i = 0; i < 4; ++i) ENDS(pids[i], "");
    SAME(seen[0] + seen[1] + seen[2], 3);
    SAME(seen[3], 0);
    exits("");
}
