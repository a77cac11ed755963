// exec() keeps number, directory, descriptors and attached memory; what is OCEXEC or SG_CEXEC goes.
#include "../check.h"

static char* const own = (char*)(uintptr)0x200000000;
static char* const gone = (char*)(uintptr)0x200002000;
static char* const common = (char*)(uintptr)0x200004000;

static void writes(void) { strcpy(own, "child"); }

static void look(char* argv[]) {
    SAME(atoi(argv[1]), getpid());
    SAME(_tos->pid, getpid());
    const int kept = atoi(argv[2]), closed = atoi(argv[3]);
    SAME(read(kept, nil, 0), 0);
    FAILS(close(closed), "fd out of range or not open");
    char name[32];
    SAME(fd2path(open(".", OREAD), name, sizeof name), 0);
    CHECK(strcmp(name, "/bin") == 0);
    CHECK(strcmp(own, "own") == 0);
    CHECK(strcmp(common, "common") == 0);
    common[0] = 'C';
    FAILS((vlong)segattach(0, "memory", own, 4096), "segments overlap");
    CHECK(segattach(0, "memory", gone, 4096) == gone);
    SAME(gone[0], 0);
    // It is still a copy in each fork.
    DIES(writes, "");
    CHECK(strcmp(own, "own") == 0);
    SAME(segdetach(own), 0);
    exits("seen");
}

static void runs(void) {
    char pid[16], kept[16], closed[16];
    snprint(pid, sizeof pid, "%d", getpid());
    snprint(kept, sizeof kept, "%d", open("/dev/null", OREAD));
    snprint(closed, sizeof closed, "%d", open("/dev/null", OREAD | OCEXEC));
    SAME(chdir("/bin"), 0);
    CHECK(segattach(0, "memory", own, 8192) == own);
    CHECK(segattach(SG_CEXEC, "memory", gone, 4096) == gone);
    strcpy(own, "own");
    strcpy(gone, "gone");
    exec("/suite/keeps_and_drops", (char*[]){"x", pid, kept, closed, nil});
    fail("exec: %r");
}

void main(int argc, char* argv[]) {
    if (argc > 1) look(argv);
    CHECK(segattach(0, "shared", common, 4096) == common);
    strcpy(common, "common");
    DIES(runs, "seen");
    CHECK(strcmp(common, "Common") == 0);
    exits("");
}
