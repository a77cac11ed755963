// unmount: undoes one bind, or all that were made on a name.
#include <libc.h>

static void usage(void) {
    fprint(2, "usage: unmount [new] old\n");
    exits("usage");
}

void main(int argc, char* argv[]) {
    ARGBEGIN {
        default:
            usage();
    }
    ARGEND
    if (argc != 1 && argc != 2) usage();
    const char* old = argv[argc - 1];
    if (unmount(argc == 2 ? argv[0] : nil, old) < 0) sysfatal("%s: %r", old);
    exits("");
}
