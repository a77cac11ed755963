// malloc() gives what it is asked for until there is no more, says so, and what is freed can be had
// again.
#include "../check.h"

enum { kBlock = (1 << 20) - 16 };  // with what malloc() keeps before it, a whole MiB

/* Until malloc() has no more; each block is touched at both ends. */
static int take_all(void*** list) {
    int count = 0;
    for (char* block; (block = malloc(kBlock)) != nil; ++count) {
        block[kBlock - 1] = count;
        *(void***)block = *list;
        *list = (void**)block;
    }
    return count;
}

static void until_none(void) {
    int counts[2];
    for (int round = 0; round < 2; ++round) {
        void** list = nil;
        counts[round] = take_all(&list);
        FAILS(-1, "segments overlap");
        for (int i = counts[round]; i > 0; --i) {
            SAME(((char*)list)[kBlock - 1], (char)(i - 1));
            void** const next = *list;
            free(list);
            list = next;
        }
        CHECK(list == nil);
    }
    // Most of what there is from its data to its stack, and the same again.
    CHECK(counts[0] > 900 && counts[0] < 1024);
    SAME(counts[1], counts[0]);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    const void* end = nil;
    for (int round = 0; round < 3; ++round) {
        void** list = nil;
        for (int i = 0; i < 500; ++i) {
            void** const block = malloc(10001);
            CHECK(block != nil);
            *block = list;
            list = block;
        }
        for (void** next; list != nil; list = next) {
            next = *list;
            free(list);
        }
        if (round == 0) end = sbrk(0);
        CHECK(sbrk(0) == end);
    }
    for (int i = 0; i < 2; ++i) DIES(until_none, "");
    exits("");
}
