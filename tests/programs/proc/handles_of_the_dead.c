// Whatever is open to a process says `process exited` when it is gone, whoever has its place by then, but for the three files that
// outlive it: each file of the listing, for reading and writing; likewise its directory, and what is walked to from there.
#include "../check.h"

/* What becomes of files that outlive the process: nil if it cannot be opened so; ok; or an error. */
static struct {
    char* file;
    char* read;
    char* write;
} outlives[] = {
    {"notepg", nil, "ok"},
    {"strace", "ok", "ok"},
    {"text", "ok", nil},
};
static char gone[] = "process exited";

typedef struct {
    char name[32];
    int reading, writing; /* descriptors, or -1 */
    char* read;           /* what they will say */
    char* write;
} Handle;
enum { kMost = 64, kOthers = 8 };
static Handle handles[kMost];
static int handle_count;

static void sleeps(void) {
    // Notes to its group reach nobody else.
    CHECK(rfork(RFNOTEG) >= 0);
    for (;;) sleep(1000);
}

static int open_or_refused(int pid, char* file, int mode) {
    const int fd = process_file(pid, file, mode);
    if (fd < 0) FAILS(fd, "permission denied: '*");
    return fd;
}

/* Opens all that there is of it in each way that is possible. */
static void open_all(int pid) {
    Dir* entries;
    const int fd = process_file(pid, ".", OREAD);
    handle_count = dirreadall(fd, &entries);
    CHECK(handle_count > 30 && handle_count <= kMost);
    close(fd);
    for (int i = 0; i < handle_count; ++i) {
        Handle* const handle = &handles[i];
        snprint(handle->name, sizeof handle->name, "%s", entries[i].name);
        handle->reading = open_or_refused(pid, handle->name, OREAD);
        handle->writing = open_or_refused(pid, handle->name, OWRITE);
        if (handle->reading < 0 && handle->writing < 0) fail("%s cannot be opened", handle->name);
        handle->read = handle->write = gone;
        for (usize j = 0; j < nelem(outlives); ++j) {
            if (strcmp(outlives[j].file, handle->name) != 0) continue;
            handle->read = outlives[j].read;
            handle->write = outlives[j].write;
            CHECK((handle->reading >= 0) == (handle->read != nil) && (handle->write == nil || handle->writing >= 0));
        }
    }
    free(entries);
}

/* `result` is what `wanted` says. */
static void expect(const char* what, const char* name, long result, const char* wanted) {
    char why[ERRMAX] = "ok";
    if (result < 0) rerrstr(why, sizeof why);
    if (strcmp(why, wanted) != 0) fail("%s of %s: %s, not %s", what, name, why, wanted);
}

/* Each use of what was opened. As long as its exit record is unread stat tells of it, but wstat changes nothing. */
static void use_all(char* stat) {
    Dir mode;
    char byte[1];
    nulldir(&mode);
    mode.mode = 0666;
    for (int i = 0; i < handle_count; ++i) {
        Handle* const handle = &handles[i];
        const int any = handle->reading >= 0 ? handle->reading : handle->writing;
        if (handle->writing >= 0) expect("write", handle->name, pwrite(handle->writing, "x", 1, 0), handle->write);
        if (handle->reading >= 0) expect("read", handle->name, pread(handle->reading, byte, 1, 0), handle->read);
        Dir* const dir = dirfstat(any);
        expect("stat", handle->name, dir == nil ? -1 : 0, stat);
        free(dir);
        // What notepg is like nobody changes.
        const int never = strcmp(handle->name, "notepg") == 0 && strcmp(stat, "ok") == 0;
        expect("wstat", handle->name, dirfwstat(any, &mode), never ? "permission denied" : gone);
    }
}

/* Whether stat tells of what is open: when it has left, its exit record comes a moment after its number has gone. */
static int is_told_of(int fd) {
    Dir* const dir = dirfstat(fd);
    free(dir);
    return dir != nil;
}

/* In the directory of who is gone: no file is to be opened, and up is the only way. */
static void use_directory(int directory, char* stat) {
    char byte[1];
    Dir* const dir = dirfstat(directory);
    expect("stat", "the directory", dir == nil ? -1 : 0, stat);
    free(dir);
    if (strcmp(stat, gone) == 0) expect("read", "the directory", read(directory, byte, 1), gone);
    for (int i = 0; i < handle_count; ++i) {
        const int mode = handles[i].reading >= 0 ? OREAD : OWRITE;
        const int fd = open(handles[i].name, mode);
        FAILS(fd, "process exited*");
    }
    FAILS(open("nothing", OREAD), strcmp(stat, gone) == 0 ? "process exited*" : "file does not exist*");
}

/* The trace of the dead has the marks that were put into it, and ends. */
static void read_trace(int fd) {
    char text[256];
    const long n = readn(fd, text, sizeof text - 1);
    CHECK(n > 0);
    text[n] = '\0';
    // Two bytes have been read.
    if (strcmp(text, "x\nM x\ntraced 0 dropped 0\n") != 0) fail("strace: %s", text);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    char name[32];
    int others[kOthers];
    for (int round = 0; round < 3; ++round) {
        const int pid = child(sleeps);
        EVENTUALLY(strcmp(state_of(pid), "Sleep") == 0);
        // Some can be opened of one that is traced, or stopped, only.
        SAME(control(pid, "profile"), 0);
        SAME(control(pid, "straceme"), 0);
        SAME(control(pid, "stop"), 0);
        open_all(pid);
        snprint(name, sizeof name, "/proc/%d", pid);
        const int directory = open(name, OREAD);
        CHECK(directory >= 0);
        SAME(chdir(name), 0);
        SAME(control(pid, "kill"), 0);
        EVENTUALLY(access(name, AEXIST) < 0);
        EVENTUALLY(is_told_of(directory));
        // Its record is unread.
        use_all("ok");
        use_directory(directory, "ok");
        ENDS(pid, "Killed");
        // Those that follow take the slot.
        for (usize i = 0; i < nelem(others); ++i) others[i] = child(sleeps);
        use_all(gone);
        use_directory(directory, gone);
        close(directory);
        SAME(chdir(".."), 0);
        CHECK(access("stats", AREAD) == 0);
        SAME(chdir("/"), 0);
        for (int i = 0; i < handle_count; ++i) {
            if (strcmp(handles[i].name, "strace") == 0) read_trace(handles[i].reading);
            if (handles[i].reading >= 0) close(handles[i].reading);
            if (handles[i].writing >= 0) close(handles[i].writing);
        }
        for (usize i = 0; i < nelem(others); ++i) {
            SAME(control(others[i], "kill"), 0);
            ENDS(others[i], "Killed");
        }
    }
    exits("");
}
