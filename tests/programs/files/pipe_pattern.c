// What goes into a pipe comes out, in order, however it is cut.
#include "../check.h"

enum { kChunk = 1033, kChunks = 40 };
static int ends[2];

static void writes(void) {
    static uchar data[kChunk];
    uint next = 0;
    close(ends[0]);
    for (int i = 0; i < kChunks; ++i) {
        for (int j = 0; j < kChunk; ++j) data[j] = next++ * 7;
        SAME(write(ends[1], data, kChunk), kChunk);
    }
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    static uchar data[8192];
    CHECK(pipe(ends) == 0);
    const int pid = child(writes);
    close(ends[1]);
    uint next = 0;
    long got;
    for (long room = 1; (got = read(ends[0], data, room)) > 0;) {
        for (long i = 0; i < got; ++i) CHECK(data[i] == (uchar)(next++ * 7));
        room = room * 2 > (long)sizeof data ? (long)sizeof data : room * 2;
    }
    SAME(got, 0);
    SAME(next, kChunk * kChunks);
    ENDS(pid, "");
    exits("");
}
