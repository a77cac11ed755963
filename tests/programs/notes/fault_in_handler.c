// A fault inside of a handler ends the program: there is nobody to handle it.
#include "../check.h"

static volatile uintptr wild = 16;

static void faults(void* registers, char* text) {
    USED(registers), USED(text);
    *(volatile char*)wild = 0;
}
static void runs(void) {
    CHECK(notify(faults) == 0);
    postnote(PNPROC, getpid(), "hello");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    DIES(runs, "sys: trap: fault write addr=0x10 pc=*");
    exits("");
}
