// After a fork each side sees what was there and its own writes only, generation by generation.
#include "../check.h"

enum { kPages = 300 };
static char* base;
static char mark;

static void writes(void) {
    for (int i = 0; i < kPages; ++i) SAME(base[i * 4096], i % 7 == 0 ? mark : 'p');
    for (int i = 0; i < kPages; i += 3) base[i * 4096] = 'c';
    if (mark++ < 'd') {
        for (int i = 0; i < kPages; ++i) base[i * 4096] = i % 7 == 0 ? mark : 'p';
        DIES(writes, "");
    }
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    base = sbrk(kPages * 4096);
    for (mark = 'a'; mark < 'd'; ++mark) {
        for (int i = 0; i < kPages; ++i) base[i * 4096] = i % 7 == 0 ? mark : 'p';
        const int one = child(writes), other = child(writes);
        for (int i = 0; i < kPages; i += 5) base[i * 4096] = 'm';
        ENDS(one, "");
        ENDS(other, "");
        for (int i = 0; i < kPages; ++i) {
            SAME(base[i * 4096], i % 5 == 0 ? 'm' : i % 7 == 0 ? mark : 'p');
        }
    }
    exits("");
}
