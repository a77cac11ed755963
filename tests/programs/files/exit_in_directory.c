// A process may end with files open and in a directory that goes: its own.
#include "../check.h"

static void goes(void) {
    char name[32];
    snprint(name, sizeof name, "/proc/%d", getpid());
    SAME(chdir(name), 0);
    CHECK(open("status", OREAD) >= 0);
    CHECK(open("ctl", OWRITE) >= 0);
    CHECK(open("/bin/echo", OEXEC) >= 0);
    int ends[2];
    CHECK(pipe(ends) == 0);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    for (int i = 0; i < 20; ++i) DIES(goes, "");
    exits("");
}
