// mv: gives a file another name in its directory, or copies it elsewhere and removes it.
#include <libc.h>
#include <procyon.h>

static char buffer[8192];

static void usage(void) {
    fprint(2, "usage: mv from to\n       mv file ... directory\n");
    exits("usage");
}

static int fail(const char* what, const char* name) {
    fprint(2, "mv: can't %s %s: %r\n", what, name);
    return 0;
}

// Where the last element of a name begins.
static const char* last_element(const char* name) {
    const char* slash = strrchr(name, '/');
    return slash != nil ? slash + 1 : name;
}

// Whether both names lie in the directory that both name.
static int same_directory(const char* a, const char* b) {
    const usize size = last_element(a) - a;
    return size == (usize)(last_element(b) - b) && strncmp(a, b, size) == 0;
}

static int is_same(const Dir* a, const Dir* b) {
    return a->type == b->type && a->dev == b->dev && a->qid.path == b->qid.path &&
           a->qid.type == b->qid.type;
}

static int copy(const char* from_name, const char* to_name, const Dir* source) {
    const int from = open(from_name, OREAD);
    if (from < 0) return fail("open", from_name);
    const int to = create(to_name, OWRITE, source->mode & 0777);
    if (to < 0) {
        close(from);
        return fail("create", to_name);
    }
    long size;
    int done = 1;
    while (done && (size = read(from, buffer, sizeof buffer)) != 0) {
        if (size < 0)
            done = fail("read", from_name);
        else if (write(to, buffer, size) != size)
            done = fail("write", to_name);
    }
    close(from);
    close(to);
    if (!done) remove(to_name);
    return done;
}

static int move(const char* from, const char* to) {
    Dir* source = dirstat(from);
    if (source == nil) return fail("stat", from);
    Dir* target = dirstat(to);
    int done = 0;
    if (target != nil && is_same(source, target)) {
        fprint(2, "mv: %s and %s are the same file\n", from, to);
    } else if (same_directory(from, to)) {
        Dir change;
        nulldir(&change);
        change.name = (char*)last_element(to);
        if (target != nil) remove(to);
        done = dirwstat(from, &change) == 0 || fail("rename", from);
    } else if (source->qid.type & QTDIR) {
        fprint(2, "mv: can't move the directory %s to another directory\n", from);
    } else {
        done = copy(from, to, source) && (remove(from) == 0 || fail("remove", from));
    }
    free(source);
    free(target);
    return done;
}

void main(int argc, char* argv[]) {
    ARGBEGIN {
        default:
            usage();
    }
    ARGEND
    if (argc < 2) usage();
    const char* target = argv[argc - 1];
    Dir* dir = dirstat(target);
    const int into = dir != nil && dir->qid.type & QTDIR;
    free(dir);
    if (argc > 2 && !into) {
        fprint(2, "mv: %s is not a directory\n", target);
        exits("usage");
    }
    char* status = "";
    for (int i = 0; i < argc - 1; ++i) {
        char* name = into ? smprint("%s/%s", target, last_element(argv[i])) : estrdup(target);
        if (name == nil) sysfatal("out of memory");
        if (!move(argv[i], name)) status = "errors";
        free(name);
    }
    exits(status);
}
