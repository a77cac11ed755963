// The user none opens the files of no process but itself.
#include "../check.h"

static const char* files[] = {"args", "ctl", "fd", "info", "maps", "mem", "note", "noteid", "notepg", "ns", "ppid", "regs",
                              "segment", "status", "syscall", "text", "user", "wait", "wchan"};

static void looks(void) {
    const int parent = getppid();
    const int fd = open("/dev/user", OWRITE);
    SAME(write(fd, "none", 4), 4);
    close(fd);
    for (usize i = 0; i < nelem(files); ++i) {
        const int mode = strcmp(files[i], "notepg") == 0 ? OWRITE : OREAD;
        if (process_file(parent, files[i], mode) >= 0) fail("its maker's %s", files[i]);
        char why[ERRMAX];
        rerrstr(why, sizeof why);
        if (strncmp(why, "permission denied", 17) != 0) fail("its maker's %s: %s", files[i], why);
        if (process_file(getpid(), files[i], mode) < 0) fail("its own %s: %r", files[i]);
    }
    // The group it is in is no other's to it; any other is.
    char id[16];
    const int noteid = process_file(getpid(), "noteid", ORDWR);
    SAME(read(noteid, id, 12), 12);
    id[12] = '\0';
    CHECK(pwrite(noteid, id, 12, 0) == 12);
    FAILS(pwrite(noteid, "1", 1, 0), "permission denied*");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    ENDS(child(looks), "");
    exits("");
}
