// rm: removes files; with -r directories with what is in them, with -f in silence.
#include <libc.h>

static int quiet, whole;
static char* status = "";

static void usage(void) {
    fprint(2, "usage: rm [-fr] file ...\n");
    exits("usage");
}

static void complain(const char* name) {
    if (quiet) return;
    fprint(2, "rm: %s: %r\n", name);
    status = "errors";
}

static void remove_one(const char* name);

static void empty(const char* name) {
    const int fd = open(name, OREAD);
    Dir* dirs = nil;
    const long count = fd < 0 ? -1 : dirreadall(fd, &dirs);
    if (count < 0) complain(name);
    if (fd >= 0) close(fd);
    for (long i = 0; i < count; ++i) {
        char* child = smprint("%s/%s", name, dirs[i].name);
        if (child == nil) sysfatal("out of memory");
        remove_one(child);
        free(child);
    }
    free(dirs);
}

static void remove_one(const char* name) {
    if (remove(name) >= 0) return;
    char why[ERRMAX];
    rerrstr(why, sizeof why);
    Dir* dir = whole ? dirstat(name) : nil;
    if (dir != nil && dir->qid.type & QTDIR) {
        empty(name);
        if (remove(name) < 0) complain(name);
    } else {
        werrstr("%s", why);
        complain(name);
    }
    free(dir);
}

void main(int argc, char* argv[]) {
    ARGBEGIN {
        case 'f':
            quiet = 1;
            break;
        case 'r':
            whole = 1;
            break;
        default:
            usage();
    }
    ARGEND
    if (argc == 0 && !quiet) usage();
    for (int i = 0; i < argc; ++i) remove_one(argv[i]);
    exits(status);
}
