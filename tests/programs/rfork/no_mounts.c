// No file server can be mounted: the calls for it say first what is wrong with their arguments, then
// that; and after RFNOMNT that mounting is not allowed.
#include "../check.h"

static const char kBadArg[] = "bad arg in system call";
static const char kBadFd[] = "fd out of range or not open";
static const char kBadUse[] = "inappropriate use of fd";
static const char kNone[] = "no file servers here*";

static int ends[2];
static int only_read;
static char version[32] = "9P2000";
static char* const wild = (char*)0x10;

static void is_refused(void) {
    FAILS(mount(ends[0], -1, "/tmp", MREPL, ""), "mount/attach disallowed");
    FAILS(mount(ends[0], -1, "/tmp", MORDER, ""), kBadArg);
    FAILS(mount(-1, -1, "/tmp", MREPL, ""), "mount/attach disallowed");
}

static void refuses(void) {
    SAME(rfork(RFNAMEG | RFNOMNT), 0);
    is_refused();
    DIES(is_refused, "");
    SAME(rfork(RFNAMEG), 0);
    is_refused();
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    CHECK(pipe(ends) == 0);
    only_read = open("/dev/null", OREAD);
    CHECK(only_read >= 0 && notify(count_notes) == 0);

    FAILS(mount(ends[0], -1, "/tmp", MORDER, ""), kBadArg);
    CHECK(open("/no/such", OREAD) == -1);  // no error has the details of another
    FAILS(mount(ends[0], -1, "/tmp", 64, ""), kBadArg);
    SAME(notes_seen, 0);
    FAILS(mount(ends[0], -1, "/tmp", MREPL, wild), kBadArg);
    SAME(notes_seen, 1);
    FAILS(mount(77, -1, "/tmp", MREPL, ""), kBadFd);
    FAILS(mount(only_read, -1, "/tmp", MREPL, ""), kBadUse);
    FAILS(mount(ends[0], 77, "/tmp", MREPL, ""), kBadFd);
    FAILS(mount(ends[0], ends[1], "/tmp", MREPL, ""), kNone);
    FAILS(mount(ends[0], -1, "/tmp", MAFTER | MCREATE, ""), kNone);
    DIES(refuses, "");

    FAILS(fauth(ends[0], wild), kBadArg);
    SAME(notes_seen, 2);
    FAILS(fauth(-1, ""), kBadFd);
    FAILS(fauth(only_read, ""), kBadUse);
    FAILS(fauth(ends[0], ""), kNone);

    FAILS(fversion(ends[0], 8192, wild, sizeof version), kBadArg);
    SAME(notes_seen, 3);
    FAILS(fversion(ends[0], 8192, version, 0), kBadArg);
    FAILS(fversion(ends[0], 8192, version, -1), kBadArg);
    FAILS(fversion(ends[0], 8192, version, 6), kBadArg);  // no end within its room
    FAILS(fversion(77, 8192, version, sizeof version), kBadFd);
    FAILS(fversion(only_read, 8192, version, sizeof version), kBadUse);
    FAILS(fversion(ends[0], 8192, version, sizeof version), kNone);
    exits("");
}
