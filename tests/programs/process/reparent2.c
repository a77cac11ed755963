// Children that end at the same time as their parent.
#include "../check.h"

static void nothing(void) {}

static void parent(void) {
    CHECK(child(nothing) > 0);
    CHECK(child(nothing) > 0);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    for (int i = 0; i < 100; ++i) DIES(parent, "");
    exits("");
}
