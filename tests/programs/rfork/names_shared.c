// The name space: shared without a flag, copied with RFNAMEG, empty with RFCNAMEG.
#include "../check.h"

static int is_bound(void) { return access("/tmp/echo", AEXIST) == 0; }

static void with(int flags, int changes) {
    const int pid = rfork(RFPROC | RFFDG | flags);
    if (pid == 0) {
        CHECK(bind("/bin", "/tmp", MREPL) >= 0);
        CHECK(is_bound());
        _exits("");
    }
    ENDS(pid, "");
    SAME(is_bound(), changes);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    CHECK(!is_bound());
    with(RFNAMEG, 0);
    with(0, 1);
    const int pid = rfork(RFPROC | RFFDG | RFCNAMEG);
    if (pid == 0) {
        CHECK(!is_bound());
        _exits("");
    }
    ENDS(pid, "");
    CHECK(is_bound());
    SAME(unmount(nil, "/tmp"), 0);
    CHECK(!is_bound());
    exits("");
}
