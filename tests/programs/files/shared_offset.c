// Processes that share a descriptor share its offset: taking turns, they read a file once. A read
// is not one step: two at the same time may be given the same bytes, as in Plan 9.
#include "../check.h"

static int fd;
static volatile vlong* sums;
static int* turn;

static void reads(int which) {
    uchar piece[61];
    long got;
    do {
        SAME(semacquire(turn, 1), 1);
        got = read(fd, piece, sizeof piece);
        SAME(semrelease(turn, 1), 1);
        sums[which] += got;
    } while (got > 0);
    SAME(got, 0);
}
static void one(void) { reads(0); }
static void other(void) { reads(1); }

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    sums = shared_memory(4096);
    turn = (int*)(sums + 2);
    *turn = 1;
    Dir* const entry = dirstat("/bin/echo");
    fd = open("/bin/echo", OREAD);
    CHECK(entry != nil && fd >= 0);
    const int first = child(one), second = child(other);
    ENDS(first, "");
    ENDS(second, "");
    SAME(sums[0] + sums[1], entry->length);
    exits("");
}
