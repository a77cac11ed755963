// pwd: the name of the current directory.
#include <libc.h>

void main(int argc, char* argv[]) {
    char name[4096];
    USED(argv);
    if (argc != 1) {
        fprint(2, "usage: pwd\n");
        exits("usage");
    }
    const int fd = open(".", OREAD);
    if (fd < 0 || fd2path(fd, name, sizeof name) < 0) sysfatal("%r");
    print("%s\n", name);
    exits("");
}
