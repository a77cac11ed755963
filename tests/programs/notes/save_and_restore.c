// NSAVE goes on elsewhere and keeps the frame; NRSTR then goes on where the note came.
#include "../check.h"

static volatile int elsewhere;
static uintptr here;

static void other(void* frame, char* text) {
    Ureg* const registers = frame;
    CHECK(strcmp(text, "one") == 0);
    registers->pc = here;
    ++elsewhere;
    noted(NRSTR);
}

static void saves(void* frame, char* text) {
    Ureg* const registers = frame;
    USED(text);
    here = registers->pc;
    registers->pc = (uintptr)other;
    noted(NSAVE);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    CHECK(notify(saves) == 0);
    for (int i = 0; i < 5; ++i) {
        SAME(postnote(PNPROC, getpid(), "one"), 0);
        SAME(elsewhere, i + 1);
    }
    exits("");
}
