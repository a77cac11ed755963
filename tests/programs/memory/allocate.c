// malloc() gives what it is asked for, and what is freed can be had again.
#include "../check.h"

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
    exits("");
}
