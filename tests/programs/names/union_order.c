// bind() with an order makes unions: which member is found first, in what order a union lists,
// where files are made in it, and what comes of taking one away.
#include "../check.h"

static const char kFirst[] = "#e", kSecond[] = "#ec";  // both have `twice`
static const char kAt[] = "/tmp";

static void put(const char* file, const char* text) {
    const int fd = create(file, OWRITE, 0644);
    CHECK(fd >= 0);
    const long size = strlen(text);
    SAME(write(fd, text, size), size);
    close(fd);
}

/* The file has this text; nil: it is not there. */
static void has(const char* file, const char* text) {
    char found[32] = "";
    const int fd = open(file, OREAD);
    if (text == nil) FAILS(fd, "file does not exist*");
    if (text == nil) return;
    CHECK(fd >= 0 && read(fd, found, sizeof found - 1) >= 0);
    close(fd);
    if (strcmp(found, text) != 0) fail("%s has %s, not %s", file, found, text);
}

/* The union lists these in this order, and others in between. */
static void lists(const char* const* names, int count) {
    Dir* entries;
    const int fd = open(kAt, OREAD);
    const long all = dirreadall(fd, &entries);
    close(fd);
    int found = 0;
    for (long i = 0; i < all && found < count; ++i) {
        if (strcmp(entries[i].name, names[found]) == 0) ++found;
    }
    free(entries);
    if (found < count) fail("%s is not listed in its place", names[found]);
}

static long count_of(const char* directory) {
    Dir* entries;
    const int fd = open(directory, OREAD);
    const long count = dirreadall(fd, &entries);
    close(fd);
    free(entries);
    return count;
}

static void orders(void) {
    const long first = count_of(kFirst), second = count_of(kSecond), under = count_of(kAt);
    // In place of what is there.
    const int id = bind(kSecond, kAt, MREPL);
    CHECK(id > 0);
    SAME(count_of(kAt), second);
    has("/tmp/twice", "second");
    has("/tmp/only_first", nil);
    // Before it.
    CHECK(bind(kFirst, kAt, MBEFORE) > id);
    SAME(count_of(kAt), first + second);
    has("/tmp/twice", "first");
    has("/tmp/only_first", "1");
    has("/tmp/only_second", "2");
    lists((const char*[]){"only_first", "twice", "only_second", "twice"}, 4);
    SAME(unmount(kFirst, kAt), 0);
    has("/tmp/twice", "second");
    SAME(count_of(kAt), second);
    // Behind it.
    CHECK(bind(kFirst, kAt, MAFTER) > 0);
    has("/tmp/twice", "second");
    has("/tmp/only_first", "1");
    lists((const char*[]){"only_second", "twice", "only_first", "twice"}, 4);
    SAME(unmount(kSecond, kAt), 0);
    has("/tmp/twice", "first");
    has("/tmp/only_second", nil);
    SAME(unmount(nil, kAt), 0);
    SAME(count_of(kAt), under);
    FAILS(unmount(nil, kAt), "not mounted");
    // On a directory that nothing is bound on yet: it is a member, too.
    CHECK(bind(kFirst, "/bin", MBEFORE) > 0);
    has("/bin/twice", "first");
    SAME(access("/bin/echo", AEXEC), 0);
    FAILS(unmount(kSecond, "/bin"), "not in union");
    SAME(unmount(kFirst, "/bin"), 0);
    has("/bin/twice", nil);
    SAME(access("/bin/echo", AEXEC), 0);
    // All of a union comes along.
    CHECK(bind(kFirst, kAt, MREPL) > 0 && bind(kSecond, kAt, MAFTER) > 0);
    CHECK(bind(kAt, "/n", MREPL) > 0);
    SAME(unmount(nil, kAt), 0);
    has("/n/only_first", "1");
    has("/n/only_second", "2");
    SAME(unmount(nil, "/n"), 0);
}

static void creates(void) {
    CHECK(bind(kFirst, kAt, MREPL) > 0);
    CHECK(bind(kSecond, kAt, MBEFORE) > 0);
    FAILS(create("/tmp/new", OWRITE, 0644), "mounted directory forbids creation*");
    SAME(unmount(kFirst, kAt), 0);
    // Not in the first, but in the first that was bound with MCREATE.
    CHECK(bind(kFirst, kAt, MAFTER | MCREATE) > 0);
    put("/tmp/new", "new");
    has("#e/new", "new");
    has("#ec/new", nil);
    // What is there is opened where it is.
    put("/tmp/twice", "changed");
    has("#ec/twice", "changed");
    has("#e/twice", "first");
    SAME(remove("/tmp/new"), 0);
    has("#e/new", nil);
    SAME(unmount(nil, kAt), 0);
    CHECK(bind(kFirst, kAt, MREPL | MCREATE) > 0 && bind(kSecond, kAt, MBEFORE | MCREATE) > 0);
    put("/tmp/new", "new");
    has("#ec/new", "new");
    SAME(remove("#ec/new"), 0);
    SAME(unmount(nil, kAt), 0);
}

static void refused(void) {
    FAILS(bind(kFirst, kAt, MORDER), "bad arg in system call");
    FAILS(bind(kFirst, kAt, 8), "bad arg in system call");
    FAILS(bind(kFirst, kAt, -1), "bad arg in system call");
    FAILS(bind("/no/such", kAt, MREPL), "file does not exist: '/no'");
    FAILS(bind(kFirst, "/no/such", MREPL), "file does not exist: '/no'");
    FAILS(bind(kFirst, "/bin/echo", MREPL), "inconsistent mount");
    FAILS(bind("/bin/echo", kAt, MBEFORE), "inconsistent mount");
    FAILS(bind("/dev/null", "/dev/zero", MAFTER), "inconsistent mount");
    FAILS(unmount(kFirst, "/net"), "not mounted");
    FAILS(unmount("/no/such", kAt), "file does not exist: '/no'");
    FAILS(unmount(nil, "/no/such"), "file does not exist: '/no'");
    // A file takes the place of a file.
    CHECK(bind("#e/only_first", "/dev/zero", MREPL) > 0);
    has("/dev/zero", "1");
    SAME(unmount("#e/only_first", "/dev/zero"), 0);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    put("#e/only_first", "1");
    put("#e/twice", "first");
    put("#ec/only_second", "2");
    put("#ec/twice", "second");
    orders();
    creates();
    refused();
    SAME(remove("#ec/only_second"), 0);
    SAME(remove("#ec/twice"), 0);
    exits("");
}
