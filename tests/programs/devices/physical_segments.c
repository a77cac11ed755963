// segattach() of a device that the boot arguments name: its registers, in forks and after exec too.
#include "../check.h"

enum { kPage = 4096, kNanosPerSecond = 1000000000 };

/* The clock of QEMU's virt machine: nanoseconds since 1970; reading the first half latches the other. */
typedef struct Clock Clock;
struct Clock {
    uint low;
    uint high;
    uint alarm_low;
    uint alarm_high;
};
static volatile Clock *rtc, *rtcr, *nothing;

/* Whether the device says what the system says. */
static int right(void) {
    const vlong low = rtc->low;
    const vlong shown = ((vlong)rtc->high << 32 | low) / kNanosPerSecond;
    return shown >= time(nil) - 1 && shown <= time(nil) + 1;
}

static void forked(void) {
    CHECK(right());
    rtc->alarm_high = 7;
}
static void writes(void) { rtcr->alarm_high = 1; }
static void loads(void) { print("%d\n", (int)nothing->low); }
static void stores(void) { nothing->low = 1; }

static void runs(void) {
    exec("/suite/physical_segments", (char*[]){"x", "again", nil});
    fail("exec: %r");
}

static void without_right(void) {
    const int fd = open("/dev/user", OWRITE);
    SAME(write(fd, "none", 4), 4);
    FAILS((vlong)segattach(0, "rtc", nil, kPage), "permission denied");
}

void main(int argc, char* argv[]) {
    USED(argv);
    rtc = segattach(SG_CEXEC, "rtc", nil, kPage);
    if (argc > 1) {
        // One was kept, the other not.
        rtcr = (void*)(uintptr)0x300000000;
        SAME(rtcr->alarm_high, 8);
        CHECK((uintptr)rtc == (uintptr)1 << 32);
        exits("seen");
    }
    CHECK(rtc != (void*)-1);
    CHECK(right());
    rtcr = segattach(0, "rtcr", (void*)(uintptr)0x300000000, kPage);
    CHECK((uintptr)rtcr == 0x300000000);

    // All see the same registers, also one who was forked, or writes after he was.
    rtc->alarm_high = 5;
    SAME(rtcr->alarm_high, 5);
    DIES(forked, "");
    SAME(rtc->alarm_high, 7);
    rtc->alarm_high = 8;
    SAME(rtcr->alarm_high, 8);
    DIES(writes, "sys: trap: fault write addr=*");
    DIES(runs, "seen");

    FAILS((vlong)segattach(0, "rtc", nil, kPage + 1), "bad arg in system call");
    FAILS((vlong)segattach(0, "gone", nil, kPage), "bad arg in system call");
    FAILS((vlong)segbrk((void*)rtc, (char*)rtc + 2 * kPage), "bad arg in system call");
    FAILS(segfree((void*)rtc, kPage), "bad arg in system call");
    DIES(without_right, "");

    // Where nothing answers a program gets a note, and a call an error.
    nothing = segattach(0, "nothing", nil, 2 * kPage);
    CHECK(nothing != (void*)-1);
    DIES(loads, "sys: trap: bus error addr=*");
    DIES(stores, "sys: trap: bus error addr=*");
    CHECK(notify(count_notes) == 0);
    FAILS(write(create("/env/x", OWRITE, 0666), (void*)nothing, kPage), "bad arg in system call");
    FAILS(read(open("/bin/echo", OREAD), (void*)nothing, kPage), "bad arg in system call");
    FAILS(semrelease((int*)nothing, 1), "bad arg in system call");
    SAME(segdetach((void*)nothing), 0);
    SAME(segdetach((void*)rtc), 0);
    exits("");
}
