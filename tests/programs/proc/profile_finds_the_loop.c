// profile counts the milliseconds that a program is in each 8 bytes of its text; of forks too, until they execute another.
#include "../check.h"

enum { kMost = 65536 };
static u32int counts[kMost];

/* Reads pid's profile, and gives how many counters it has. */
static long profile_of(int pid) {
    const int fd = process_file(pid, "profile", OREAD);
    CHECK(fd >= 0);
    long size = 0;
    for (long n; (n = read(fd, (char*)counts + size, sizeof counts - size)) != 0; size += n) CHECK(n > 0);
    Dir* const d = dirfstat(fd);
    CHECK(d != nil && d->length == size && size % sizeof counts[0] == 0);
    free(d);
    close(fd);
    return size / sizeof counts[0];
}

__attribute__((noinline)) static void spin(vlong millis) {
    const vlong end = nsec() + millis * 1000000;
    volatile ulong x = 1;
    while (nsec() < end) {
        for (int i = 0; i < 20000; ++i) x = x * 3 + 1;
    }
}

/* Of pid's segments the line of its text; nil: there is none. */
static char* text_line(int pid) {
    static char text[2000];
    const int fd = process_file(pid, "segment", OREAD);
    const long n = read(fd, text, sizeof text - 1);
    CHECK(fd >= 0 && n > 0);
    close(fd);
    text[n] = '\0';
    return strstr(text, "Text ");
}

static void one_profile(void) {
    const int pid = getpid();
    const int fd = process_file(pid, "profile", OREAD);
    CHECK(fd >= 0);
    FAILS(read(fd, counts, 4), "profile is off");
    SAME(strncmp(text_line(pid), "Text   R  ", 10), 0);
    const uvlong text = strtoull(text_line(pid) + 10, nil, 16);
    CHECK(control(pid, "profile") >= 0);
    SAME(strncmp(text_line(pid), "Text   RP ", 10), 0);
    spin(300);
    const long n = profile_of(pid);
    vlong sum = 0, in_spin = 0;
    const long first = ((uvlong)(uintptr)spin - text) / 8;
    for (long i = 1; i < n; ++i) {
        sum += counts[i];
        if (i >= first && i < first + 32) in_spin += counts[i];
    }
    // A busy machine gives it less than a hart; nothing gives it more.
    CHECK(counts[0] >= 5 && counts[0] <= 2000 && sum <= counts[0]);
    CHECK(in_spin * 2 >= sum);
    // Any offset, any length.
    uchar bytes[7];
    SAME(pread(fd, bytes, 7, 1), 7);
    CHECK(memcmp(bytes, (uchar*)counts + 1, 3) == 0 || counts[0] > 255);
    SAME(pread(fd, bytes, 7, n * 4 - 2), 2);
    SAME(pread(fd, bytes, 7, n * 4), 0);
    // A fork's time is in it; again `profile` makes it zeroes.
    CHECK(control(pid, "profile") >= 0);
    profile_of(pid);
    CHECK(counts[0] < 300);
    const int other = fork();
    if (other == 0) {
        spin(100);
        exits("");
    }
    ENDS(other, "");
    profile_of(pid);
    CHECK(counts[0] >= 5);
}

static void executes(void) {
    CHECK(control(getpid(), "profile") >= 0);
    char* argv[] = {"sleep", "60", nil};
    exec("/bin/sleep", argv);
}

static void goes_private(void) {
    CHECK(control(getpid(), "profile") >= 0);
    const int fd = process_file(getpid(), "profile", OREAD);
    CHECK(fd >= 0 && read(fd, counts, 4) == 4);
    CHECK(control(getpid(), "private") >= 0);
    FAILS(read(fd, counts, 4), "permission denied");
    FAILS(process_file(getpid(), "profile", OREAD), "permission denied*");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    DIES(one_profile, "");
    DIES(goes_private, "");
    FAILS(control(1, "profile"), "the front fell off");
    const int pid = child(executes);
    EVENTUALLY(strcmp(state_of(pid), "Sleep") == 0);
    const int fd = process_file(pid, "profile", OREAD);
    CHECK(fd >= 0);
    FAILS(read(fd, counts, 4), "profile is off");
    CHECK(control(pid, "kill") >= 0);
    ENDS(pid, "Killed");
    FAILS(read(fd, counts, 4), "process exited");
    exits("");
}
