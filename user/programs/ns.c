// ns: the name space of a process as the commands that make it.
#include <libc.h>

static char buffer[8192];

static void usage(void) {
    fprint(2, "usage: ns [pid]\n");
    exits("usage");
}

void main(int argc, char* argv[]) {
    ARGBEGIN {
        default:
            usage();
    }
    ARGEND
    if (argc > 1) usage();
    char* name = argc == 1 ? smprint("/proc/%s/ns", argv[0]) : smprint("/proc/%d/ns", getpid());
    if (name == nil) sysfatal("out of memory");
    const int fd = open(name, OREAD);
    if (fd < 0) sysfatal("can't open %s: %r", name);
    long size;
    while ((size = read(fd, buffer, sizeof buffer)) > 0) {
        if (write(1, buffer, size) != size) sysfatal("write error: %r");
    }
    if (size < 0) sysfatal("read error: %s: %r", name);
    exits("");
}
