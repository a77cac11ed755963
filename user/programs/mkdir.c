// mkdir: makes directories.
#include <libc.h>

static ulong permissions = 0777;

static void usage(void) {
    fprint(2, "usage: mkdir [-p] [-m mode] directory ...\n");
    exits("usage");
}

static int make(const char* name) {
    if (access(name, AEXIST) == 0) {
        fprint(2, "mkdir: %s already exists\n", name);
        return 0;
    }
    const int fd = create(name, OREAD, DMDIR | permissions);
    if (fd < 0) {
        fprint(2, "mkdir: can't create %s: %r\n", name);
        return 0;
    }
    close(fd);
    return 1;
}

// With all that leads to it; what is there already is fine.
static int make_all(char* name) {
    for (char* at = name + 1;; ++at) {
        const char here = *at;
        if (here != '/' && here != '\0') continue;
        *at = '\0';
        if (access(name, AEXIST) < 0 && !make(name)) return 0;
        *at = here;
        if (here == '\0') return 1;
    }
}

void main(int argc, char* argv[]) {
    int parents = 0;
    ARGBEGIN {
        case 'p':
            parents = 1;
            break;
        case 'm': {
            char* mode = EARGF(usage());
            char* end;
            permissions = strtoul(mode, &end, 8);
            if (end == mode || *end != '\0' || permissions > 0777) usage();
            break;
        }
        default:
            usage();
    }
    ARGEND
    if (argc == 0) usage();
    char* status = "";
    for (int i = 0; i < argc; ++i) {
        if (argv[i][0] == '\0' || !(parents ? make_all(argv[i]) : make(argv[i]))) status = "errors";
    }
    exits(status);
}
