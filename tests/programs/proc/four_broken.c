// Four that died of a fault are kept Broken; a fifth lets the oldest go.
#include "../check.h"

enum { kDead = 5 };

static void dies(void) {
    close(2);
    asm volatile("unimp");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    int pids[kDead];
    for (int i = 0; i < kDead; ++i) {
        pids[i] = child(dies);
        ENDS(pids[i], "sys: trap: illegal instruction*");
        EVENTUALLY(strcmp(state_of(pids[i]), "Broken") == 0);
    }
    EVENTUALLY(state_of(pids[0])[0] == '\0');
    for (int i = 1; i < kDead; ++i) {
        CHECK(strcmp(state_of(pids[i]), "Broken") == 0);
        SAME(control(pids[i], "kill"), 0);
        EVENTUALLY(state_of(pids[i])[0] == '\0');
    }
    exits("");
}
