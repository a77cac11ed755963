// Memory that a program does not set is zero, also where a page has other bytes of its file.
#include "../check.h"

static char zeroes[10000];
static char set[5] = "set";

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    CHECK(strcmp(set, "set") == 0);
    for (usize i = 0; i < sizeof zeroes; ++i) SAME(zeroes[i], 0);
    for (char *at = sbrk(4096), *to = at + 4096; at < to; ++at) SAME(*at, 0);
    memset(zeroes, 'x', sizeof zeroes);
    exits("");
}
