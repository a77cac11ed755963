// More children than records are kept for: whoever has children can wait until none is left.
#include "../check.h"

static void nothing(void) {}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    enum { kMany = 150 };
    for (int i = 0; i < kMany; ++i) EVENTUALLY(child(nothing) > 0);
    int got = 0;
    while (waitpid() >= 0) ++got;
    CHECK(got >= 1 && got <= kMany);
    FAILS(waitpid(), "no living children");
    exits("");
}
