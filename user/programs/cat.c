// cat: files, or what it is given, one after another.
#include <libc.h>

static char buffer[8192];

static void copy(int fd, const char* name) {
    long size;
    while ((size = read(fd, buffer, sizeof buffer)) > 0) {
        if (write(1, buffer, size) != size) sysfatal("write error copying %s: %r", name);
    }
    if (size < 0) sysfatal("error reading %s: %r", name);
}

void main(int argc, char* argv[]) {
    if (argc < 2) copy(0, "<stdin>");
    for (int i = 1; i < argc; ++i) {
        const int fd = open(argv[i], OREAD);
        if (fd < 0) sysfatal("can't open %s: %r", argv[i]);
        copy(fd, argv[i]);
        close(fd);
    }
    exits("");
}
