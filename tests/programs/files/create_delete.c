// Four processes make and remove files at the same time; none is left.
#include "../check.h"

static int which;

static void makes(void) {
    for (int i = 0; i < 20; ++i) {
        char name[32];
        snprint(name, sizeof name, "/env/cd%c%d", 'p' + which, i);
        const int fd = create(name, ORDWR, 0644);
        CHECK(fd >= 0);
        close(fd);
        if (i % 2 == 1) {
            SAME(remove(name), 0);
            snprint(name, sizeof name, "/env/cd%c%d", 'p' + which, i - 1);
            SAME(access(name, AEXIST), 0);
            SAME(remove(name), 0);
        }
        FAILS(i % 2 == 1 ? open(name, OREAD) : -1, i % 2 == 1 ? "file does not exist*" : "*");
    }
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    int pids[4];
    for (which = 0; which < 4; ++which) pids[which] = child(makes);
    for (int i = 0; i < 4; ++i) ENDS(pids[i], "");
    exits("");
}
