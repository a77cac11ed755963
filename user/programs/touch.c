// touch: sets when files were changed, and makes those that are not there.
#include <libc.h>

static void usage(void) {
    fprint(2, "usage: touch [-c] [-t time] file ...\n");
    exits("usage");
}

static int make = 1, given;
static ulong when;

static int touch(const char* name) {
    Dir change;
    nulldir(&change);
    change.mtime = when;
    if (dirwstat(name, &change) == 0) return 1;
    if (access(name, AEXIST) == 0) {
        fprint(2, "touch: %s: cannot change time: %r\n", name);
        return 0;
    }
    if (!make) {
        fprint(2, "touch: %s: %r\n", name);
        return 0;
    }
    const int fd = create(name, OREAD | OEXCL, 0666);
    if (fd < 0) {
        fprint(2, "touch: %s: cannot create: %r\n", name);
        return 0;
    }
    close(fd);
    // It has the time already, unless another was asked for.
    if (!given || dirwstat(name, &change) == 0) return 1;
    fprint(2, "touch: %s: cannot change time: %r\n", name);
    return 0;
}

void main(int argc, char* argv[]) {
    when = time(nil);
    ARGBEGIN {
        case 'c':
            make = 0;
            break;
        case 't':
            given = 1, when = strtoul(EARGF(usage()), nil, 0);
            break;
        default:
            usage();
    }
    ARGEND
    if (argc == 0) usage();
    char* status = "";
    for (int i = 0; i < argc; ++i) {
        if (!touch(argv[i])) status = "touch";
    }
    exits(status);
}
