// noted() without a note to end, or with a way that is none, ends the program.
#include "../check.h"

static int how;

static void outside(void) { noted(how); }
static void asks(void* registers, char* text) {
    USED(registers), USED(text);
    noted(how);
}
static void inside(void) {
    CHECK(notify(asks) == 0);
    postnote(PNPROC, getpid(), "odd");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    for (how = -1; how < 6; ++how) DIES(outside, "Suicide");
    how = 17;
    DIES(inside, "odd");
    how = -1;
    DIES(inside, "odd");
    exits("");
}
