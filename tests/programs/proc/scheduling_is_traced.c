// /proc/trace tells what harts do with a process whose ctl was told so, in order of time, to one reader; what there was no
// room for is told where it is missing.
#include "../check.h"

typedef struct Event Event;
struct Event {
    u32int pid;
    u32int type;
    vlong time;
};

enum { kRun = 3, kReady = 4, kSleep = 5, kYield = 6, kDead = 10, kUser = 13, kLost = 14, kMost = 512 };

static Event events[kMost];

/* The events that there are, up to kMost. */
static long take(int fd) {
    const long n = read(fd, events, sizeof events);
    CHECK(n >= 0 && n % sizeof(Event) == 0);
    return n / sizeof(Event);
}

static void opening_is_for_one_reader_of_eve(void) {
    FAILS(open("/proc/trace", OWRITE), "permission denied*");
    FAILS(open("/proc/trace", ORDWR), "permission denied*");
    FAILS(open("/proc/trace", OREAD | OTRUNC), "permission denied*");
    FAILS(open("/proc/trace", OREAD | ORCLOSE), "permission denied*");
    FAILS(open("/proc/trace", OEXEC), "permission denied*");
    const int fd = open("/proc/trace", OREAD | OCEXEC);
    CHECK(fd >= 0);
    FAILS(open("/proc/trace", OREAD), "already open*");
    SAME(read(fd, events, 15), 0);
    SAME(take(fd), 0);
    close(fd);
    const int again = open("/proc/trace", OREAD);
    CHECK(again >= 0);
    close(again);
}

static void as_nobody(void) {
    const int fd = open("/dev/user", OWRITE);
    CHECK(fd >= 0 && write(fd, "none", 4) == 4);
    FAILS(open("/proc/trace", OREAD), "permission denied*");
}

static void sleep_and_yield(void) {
    FAILS(control(getpid(), "trace 1 2"), "args");
    CHECK(control(getpid(), "trace 1") >= 0);
    sleep(5);
    sleep(0);
    CHECK(control(getpid(), "event") >= 0);
}

static int count(long n, u32int pid, u32int type) {
    int found = 0;
    for (long i = 0; i < n; ++i) found += events[i].pid == pid && events[i].type == type;
    return found;
}

static void what_a_process_did_is_told(void) {
    const int fd = open("/proc/trace", OREAD);
    CHECK(fd >= 0);
    const vlong before = nsec();
    const int pid = child(sleep_and_yield);
    ENDS(pid, "");
    long n = 0;
    // Its end is recorded a little after it was told to us.
    EVENTUALLY((n = take(fd)) > 0 && count(n, pid, kDead) == 1);
    CHECK(count(n, pid, kSleep) >= 1);
    CHECK(count(n, pid, kReady) >= 1);
    CHECK(count(n, pid, kRun) >= count(n, pid, kReady));
    CHECK(count(n, pid, kYield) >= 1);
    SAME(count(n, pid, kUser), 1);
    CHECK(events[n - 1].type == kDead);
    for (long i = 0; i < n; ++i) {
        SAME(events[i].pid, pid);
        CHECK(i == 0 || events[i].time >= events[i - 1].time);
    }
    // To a second: clocks are read one after the other.
    CHECK(events[0].time > before - 1000000000LL && events[n - 1].time < nsec() + 1000000000LL);
    close(fd);
}

/* On one hart, so that its ring is what is full. */
static void lost_events_are_counted(void) {
    enum { kSent = 6000 };
    const int pid = getpid();
    const int ctl = process_file(pid, "ctl", OWRITE);
    CHECK(control(pid, "wired -1") >= 0);
    const int fd = open("/proc/trace", OREAD);
    CHECK(fd >= 0 && ctl >= 0);
    CHECK(write(ctl, "trace", 5) == 5);
    for (int i = 0; i < kSent; ++i) SAME(write(ctl, "event", 5), 5);
    CHECK(write(ctl, "trace", 5) == 5);
    vlong seen = 0, lost = 0, places = 0;
    for (long n; (n = take(fd)) > 0;) {
        for (long i = 0; i < n; ++i) {
            if (events[i].type == kLost) {
                SAME(events[i].pid, 0);
                lost += events[i].time;
                ++places;
            } else {
                seen += events[i].type == kUser;
            }
        }
    }
    // Others than its own may be among them.
    CHECK(seen < kSent && lost > 0 && seen + lost >= kSent);
    SAME(places, 1);
    // There is room again, and nobody is traced any more.
    CHECK(write(ctl, "event", 5) == 5);
    SAME(take(fd), 0);
    CHECK(write(ctl, "trace 1", 7) == 7 && write(ctl, "event", 5) == 5 && write(ctl, "trace 0", 7) == 7);
    SAME(count(take(fd), pid, kUser), 1);
    close(fd);
}

static void open_close_and_sleep(void) {
    CHECK(control(getpid(), "trace 1") >= 0);
    for (int i = 0; i < 200; ++i) sleep(0);
}

/* Rooms come and go while harts write into them. */
static void reading_begins_and_ends_meanwhile(void) {
    const int pid = child(open_close_and_sleep);
    for (int i = 0; i < 50; ++i) {
        const int fd = open("/proc/trace", OREAD);
        CHECK(fd >= 0);
        take(fd);
        close(fd);
        sleep(0);
    }
    ENDS(pid, "");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    opening_is_for_one_reader_of_eve();
    DIES(as_nobody, "");
    what_a_process_did_is_told();
    DIES(lost_events_are_counted, "");
    reading_begins_and_ends_meanwhile();
    exits("");
}
