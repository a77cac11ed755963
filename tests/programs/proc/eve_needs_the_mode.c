// The host owner goes by the group's bits: it may not write another's ctl with 0640, and may with 0660.
#include "../check.h"

static void becomes_none(void) {
    const int fd = open("/dev/user", OWRITE);
    SAME(write(fd, "none", 4), 4);
    close(fd);
    for (;;) sleep(1000);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    char name[32];
    const int pid = child(becomes_none);
    snprint(name, sizeof name, "/proc/%d/ctl", pid);
    Dir* entry;
    EVENTUALLY((entry = dirstat(name)) != nil && strcmp(entry->uid, "none") == 0);
    SAME(entry->mode & 0777, 0640);
    FAILS(open(name, OWRITE), "permission denied*");
    CHECK(open(name, OREAD) >= 0);
    Dir change;
    nulldir(&change);
    change.mode = 0660;
    SAME(dirwstat(name, &change), 0);
    SAME(control(pid, "kill"), 0);
    ENDS(pid, "Killed");
    exits("");
}
