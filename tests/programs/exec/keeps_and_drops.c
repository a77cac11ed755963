// exec() keeps number, directory and descriptors; OCEXEC ones and attached memory go.
#include "../check.h"

static void look(char* argv[]) {
    SAME(atoi(argv[1]), getpid());
    SAME(_tos->pid, getpid());
    const int kept = atoi(argv[2]), closed = atoi(argv[3]);
    SAME(read(kept, nil, 0), 0);
    FAILS(close(closed), "fd out of range or not open");
    char name[32];
    SAME(fd2path(open(".", OREAD), name, sizeof name), 0);
    CHECK(strcmp(name, "/bin") == 0);
    CHECK(segattach(0, "memory", (void*)(uintptr)0x200000000, 4096) != (void*)-1);
    exits("seen");
}

static void runs(void) {
    char pid[16], kept[16], closed[16];
    snprint(pid, sizeof pid, "%d", getpid());
    snprint(kept, sizeof kept, "%d", open("/dev/null", OREAD));
    snprint(closed, sizeof closed, "%d", open("/dev/null", OREAD | OCEXEC));
    SAME(chdir("/bin"), 0);
    CHECK(segattach(0, "memory", (void*)(uintptr)0x200000000, 4096) != (void*)-1);
    exec("/suite/keeps_and_drops", (char*[]){"x", pid, kept, closed, nil});
    fail("exec: %r");
}

void main(int argc, char* argv[]) {
    if (argc > 1) look(argv);
    DIES(runs, "seen");
    exits("");
}
