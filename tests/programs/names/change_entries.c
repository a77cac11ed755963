// wstat() and fwstat(): the mode and the user of a process; who may change them, and records that
// are none.
#include <fcall.h>

#include "../check.h"

static char name[32];
static uchar record[512];
static volatile int* other;

static char* file(const char* of) {
    snprint(name, sizeof name, "/proc/%d/%s", getpid(), of);
    return name;
}

static ulong mode_of(const char* of) {
    Dir* const entry = dirstat(file(of));
    CHECK(entry != nil);
    const ulong mode = entry->mode;
    free(entry);
    return mode;
}

static void modes(void) {
    Dir change;
    nulldir(&change);
    SAME(mode_of("ctl"), 0640);
    change.mode = 0600;
    SAME(dirwstat(file("status"), &change), 0);
    // It is one for all files that have no other.
    SAME(mode_of("ctl"), 0600);
    SAME(mode_of("note"), 0600);
    SAME(mode_of("status"), 0444);
    const int fd = open(file("ctl"), OWRITE);
    CHECK(fd >= 0);
    change.mode = 0;
    SAME(dirfwstat(fd, &change), 0);
    FAILS(open(file("ctl"), OWRITE), "permission denied*");
    // Who has it open keeps it, and the owner may always change it back.
    SAME(write(fd, "nohang", 6), 6);
    change.mode = 0777 | DMAPPEND;
    SAME(dirfwstat(fd, &change), 0);
    SAME(mode_of("ctl"), 0777);
    // The rest of a request is not for programs to say.
    nulldir(&change);
    change.name = "other";
    change.gid = "nobody";
    change.length = 7;
    change.mtime = 7;
    SAME(dirfwstat(fd, &change), 0);
    Dir* const entry = dirfstat(fd);
    CHECK(entry != nil && strcmp(entry->name, "ctl") == 0 && entry->length == 0);
    CHECK(entry->mode == 0777 && strcmp(entry->gid, "nobody") != 0 && entry->mtime != 7);
    free(entry);
    // A request for nothing.
    nulldir(&change);
    SAME(dirfwstat(fd, &change), 0);
    SAME(mode_of("ctl"), 0777);
    close(fd);
}

static void refused(void) {
    Dir change;
    nulldir(&change);
    const int fd = open(file("status"), OREAD);
    FAILS(dirwstat(file(""), &change), "permission denied");
    FAILS(dirwstat(file("notepg"), &change), "permission denied");
    FAILS(dirwstat("/bin/echo", &change), "permission denied");
    FAILS(dirwstat("/no/such", &change), "file does not exist: '/no'");
    FAILS(dirfwstat(-1, &change), "fd out of range or not open");
    change.name = "a/b";
    FAILS(dirfwstat(fd, &change), "bad character in file name");
    // Records that are cut, that have more than they say, that say more than they have, of none.
    nulldir(&change);
    const uint size = convD2M(&change, record, sizeof record);
    FAILS(fwstat(fd, record, size - 1), "stat buffer too small");
    FAILS(fwstat(fd, record, size + 1), "stat buffer too small");
    FAILS(wstat(file("status"), record, sizeof record), "stat buffer too small");
    FAILS(fwstat(fd, record, 0), "stat buffer too small");
    FAILS(fwstat(fd, record, 1), "stat buffer too small");
    FAILS(fwstat(fd, record, -1), "stat buffer too small");
    record[STATFIXED - 8] = 1;
    FAILS(fwstat(fd, record, size), "stat buffer too small");
    CHECK(notify(count_notes) == 0);
    FAILS(fwstat(fd, (uchar*)8, size), "bad arg in system call");
    FAILS(wstat(file("status"), (uchar*)0xffffffc000000000, size), "bad arg in system call");
    FAILS(wstat((char*)8, record, size), "bad arg in system call");
    SAME(notes_seen, 3);
    CHECK(strncmp(last_note, "sys: bad address in syscall", 27) == 0);
    close(fd);
}

/* The owner may make his process nobody's; then he has no right to anything but it. */
static void becomes_none(void) {
    Dir change;
    nulldir(&change);
    SAME(sysr1(), 0);
    change.uid = "somebody";
    SAME(dirwstat(file("ctl"), &change), 0);
    CHECK(strcmp(getuser(), "somebody") == 0);
    FAILS(sysr1(), "permission denied");
    change.uid = "eve";
    FAILS(dirwstat(file("ctl"), &change), "permission denied");
    change.uid = "none";
    SAME(dirwstat(file("ctl"), &change), 0);
    CHECK(strcmp(getuser(), "none") == 0);
    Dir* const entry = dirstat(file("ctl"));
    CHECK(entry != nil && strcmp(entry->uid, "none") == 0);
    free(entry);
    nulldir(&change);
    change.mode = 0;
    snprint(name, sizeof name, "/proc/%d/ctl", *other);
    FAILS(dirwstat(name, &change), "permission denied");
    SAME(dirwstat(file("ctl"), &change), 0);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    other = shared_memory(sizeof *other);
    *other = getpid();
    SAME(sysr1(), 0);
    modes();
    refused();
    DIES(becomes_none, "");
    SAME(mode_of("ctl"), 0777);
    exits("");
}
