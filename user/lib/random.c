// Random numbers: a sequence that a seed begins (SplitMix64), and those of the kernel.
#include <libc.h>

static uvlong state;

static uvlong next(void) {
    uvlong mixed = __atomic_add_fetch(&state, 0x9e3779b97f4a7c15, __ATOMIC_RELAXED);
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
    return mixed ^ mixed >> 31;
}

// Each number below `limit` as likely as the others: what lies beyond its last multiple is drawn
// again.
static uint below(uint limit, uint (*draw)(void)) {
    if (limit == 0) return 0;
    const uint first = -limit % limit;
    uint drawn;
    do drawn = draw();
    while (drawn < first);
    return drawn % limit;
}

static uint draw(void) { return next() >> 32; }

void srand(long seed) { state = seed; }
int rand(void) { return next() >> 49; }
long lrand(void) { return next() >> 33; }
long lnrand(long limit) { return limit > 0 ? below(limit, draw) : 0; }
int nrand(int limit) { return lnrand(limit); }

ulong truerand(void) {
    ulong number = 0;
    const int fd = open("/dev/random", OREAD | OCEXEC);
    if (fd < 0 || readn(fd, &number, sizeof number) != sizeof number) {
        sysfatal("can't read /dev/random: %r");
    }
    close(fd);
    return number;
}

static uint draw_true(void) { return truerand(); }
ulong ntruerand(ulong limit) { return below(limit, draw_true); }
