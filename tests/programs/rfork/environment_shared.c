// The environment: shared without a flag, copied with RFENVG, empty with RFCENVG.
#include "../check.h"

static void with(int flags, const char* before, const char* after) {
    SAME(putenv("which", "mine"), 0);
    const int pid = rfork(RFPROC | RFFDG | flags);
    if (pid == 0) {
        char* const seen = getenv("which");
        CHECK(before == nil ? seen == nil : seen != nil && strcmp(seen, before) == 0);
        SAME(putenv("which", "theirs"), 0);
        _exits("");
    }
    ENDS(pid, "");
    char* const now = getenv("which");
    CHECK(now != nil && strcmp(now, after) == 0);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    with(0, "mine", "theirs");
    with(RFENVG, "mine", "mine");
    with(RFCENVG, nil, "mine");
    SAME(rfork(RFCENVG), 0);
    CHECK(getenv("which") == nil);
    exits("");
}
