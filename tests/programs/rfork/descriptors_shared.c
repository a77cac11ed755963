// Descriptors: shared without a flag, copied with RFFDG, none with RFCFDG.
#include "../check.h"

static int fd;

static void closes(void) { SAME(close(fd), 0); }

static void with(int flags) {
    const int pid = rfork(RFPROC | flags);
    if (pid == 0) {
        if (flags & RFCFDG) {
            FAILS(close(fd), "fd out of range or not open");
        } else {
            closes();
        }
        _exits("");
    }
    ENDS(pid, "");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    fd = open("/dev/null", OREAD);
    with(RFFDG);
    with(RFCFDG);
    SAME(read(fd, nil, 0), 0);
    with(0);
    FAILS(close(fd), "fd out of range or not open");
    // The same for the caller itself.
    fd = open("/dev/null", OREAD);
    SAME(rfork(RFFDG), 0);
    SAME(read(fd, nil, 0), 0);
    SAME(rfork(RFCFDG), 0);
    FAILS(close(fd), "fd out of range or not open");
    exits("");
}
