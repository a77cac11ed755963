// Two children that end at once are both waited for.
#include "../check.h"

static void nothing(void) {}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    for (int i = 0; i < 100; ++i) {
        const int first = child(nothing), second = child(nothing);
        CHECK(first > 0 && second > 0 && first != second);
        const int one = waitpid(), other = waitpid();
        CHECK((one == first && other == second) || (one == second && other == first));
        FAILS(waitpid(), "no living children");
    }
    exits("");
}
