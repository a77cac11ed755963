// Several processes fork at the same time.
#include "../check.h"

static void nothing(void) {}

static void forks(void) {
    for (int i = 0; i < 50; ++i) DIES(nothing, "");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    int pids[4];
    for (int i = 0; i < 4; ++i) pids[i] = child(forks);
    for (int i = 0; i < 4; ++i) ENDS(pids[i], "");
    exits("");
}
