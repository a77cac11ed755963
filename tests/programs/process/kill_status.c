// Processes that are ended by others say by what: a note's text, or Killed.
#include "../check.h"

static void doze(void) {
    for (;;) sleep(1000);
}

static void spin(void) {
    for (;;) __asm__ volatile("");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    for (int i = 0; i < 10; ++i) {
        void (*const body)(void) = i % 2 ? doze : spin;
        int pid = child(body);
        if (i % 3 == 0) sleep(1);
        SAME(postnote(PNPROC, pid, "kill"), 0);
        ENDS(pid, "kill");
        pid = child(body);
        SAME(control(pid, "kill"), 0);
        ENDS(pid, "Killed");
        FAILS(postnote(PNPROC, pid, "kill"), "file does not exist*");
    }
    exits("");
}
