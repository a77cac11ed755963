// cp: copies a file to another, or files into a directory.
#include <libc.h>
#include <procyon.h>

static char buffer[8192];
static int keep_time;

static void usage(void) {
    fprint(2, "usage: cp [-x] from to\n       cp [-x] file ... directory\n");
    exits("usage");
}

static int is_same(const Dir* a, const Dir* b) {
    return a->type == b->type && a->dev == b->dev && a->qid.path == b->qid.path &&
           a->qid.vers == b->qid.vers;
}

static int fail(const char* what, const char* name) {
    fprint(2, "cp: can't %s %s: %r\n", what, name);
    return 0;
}

static int copy_bytes(int from, int to, const char* from_name, const char* to_name) {
    long size;
    while ((size = read(from, buffer, sizeof buffer)) > 0) {
        if (write(to, buffer, size) != size) return fail("write", to_name);
    }
    return size == 0 || fail("read", from_name);
}

static int copy_open(int from, const char* from_name, const char* to_name) {
    Dir* source = dirfstat(from);
    if (source == nil) return fail("stat", from_name);
    Dir* target = dirstat(to_name);
    int to = -1, done = 0;
    if (source->qid.type & QTDIR) {
        fprint(2, "cp: %s is a directory\n", from_name);
    } else if (target != nil && is_same(source, target)) {
        fprint(2, "cp: %s and %s are the same file\n", from_name, to_name);
    } else if ((to = create(to_name, OWRITE, source->mode & 0777)) < 0) {
        fail("create", to_name);
    } else {
        done = copy_bytes(from, to, from_name, to_name);
    }
    if (done && keep_time) {
        Dir change;
        nulldir(&change);
        change.mtime = source->mtime;
        change.mode = source->mode;
        if (dirfwstat(to, &change) < 0) done = fail("set the time of", to_name);
    }
    if (to >= 0) close(to);
    free(source);
    free(target);
    return done;
}

static int copy(const char* from_name, const char* to_name) {
    const int from = open(from_name, OREAD);
    if (from < 0) return fail("open", from_name);
    const int done = copy_open(from, from_name, to_name);
    close(from);
    return done;
}

static int is_directory(const char* name) {
    Dir* dir = dirstat(name);
    const int is = dir != nil && dir->qid.type & QTDIR;
    free(dir);
    return is;
}

void main(int argc, char* argv[]) {
    ARGBEGIN {
        case 'x':
            keep_time = 1;
            break;
        default:
            usage();
    }
    ARGEND
    if (argc < 2) usage();
    const char* target = argv[argc - 1];
    const int into = is_directory(target);
    if (argc > 2 && !into) {
        fprint(2, "cp: %s is not a directory\n", target);
        exits("usage");
    }
    char* status = "";
    for (int i = 0; i < argc - 1; ++i) {
        const char* slash = strrchr(argv[i], '/');
        char* name =
            into ? smprint("%s/%s", target, slash != nil ? slash + 1 : argv[i]) : estrdup(target);
        if (name == nil) sysfatal("out of memory");
        if (!copy(argv[i], name)) status = "errors";
        free(name);
    }
    exits(status);
}
