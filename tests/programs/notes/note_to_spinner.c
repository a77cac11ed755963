// A program that never calls the kernel gets its notes all the same, wherever it runs.
#include "../check.h"

static volatile int* seen;

static void counts(void* registers, char* text) {
    USED(registers), USED(text);
    ++seen[0];
    noted(NCONT);
}

static void spins(void) {
    CHECK(notify(counts) == 0);
    for (seen[1] = 1;;) __asm__ volatile("");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    seen = shared_memory(4096);
    const int pid = child(spins);
    EVENTUALLY(seen[1]);
    for (int i = 1; i <= 30; ++i) {
        SAME(postnote(PNPROC, pid, "hello"), 0);
        EVENTUALLY(seen[0] == i);
    }
    SAME(control(pid, "kill"), 0);
    ENDS(pid, "Killed");
    exits("");
}
