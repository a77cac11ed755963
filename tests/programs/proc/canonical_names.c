// Only a process's canonical decimal number, and `self`, name its directory.
#include "../check.h"

static int resolves(const char* format, int pid) {
    char name[64];
    snprint(name, sizeof name, format, pid);
    const int fd = open(name, OREAD);
    if (fd < 0) return 0;
    close(fd);
    return 1;
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    const int pid = getpid();
    CHECK(resolves("/proc/%d/status", pid));
    CHECK(resolves("/proc/self/status", pid));
    CHECK(resolves("/proc/stats", pid));
    const char* wrong[] = {"/proc/0%d", "/proc/-%d", "/proc/+%d", "/proc/ %d", "/proc/%d ", "/proc/%dx",
                           "/proc/0x%x", "/proc/x", "/proc/0", "/proc/-1", "/proc/4294967296"};
    for (usize i = 0; i < nelem(wrong); ++i) {
        if (resolves(wrong[i], pid)) fail("%s resolves", wrong[i]);
    }
    FAILS(open("/proc/999999/status", OREAD), "file does not exist: '/proc/999999'");
    exits("");
}
