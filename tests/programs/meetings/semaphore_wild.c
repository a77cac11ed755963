// A semaphore must be an aligned word that can be written and is not negative.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    static int words[2];
    static const int kConstant = 1;
    CHECK(notify(count_notes) == 0);
    words[0] = -1;
    FAILS(semacquire(words, 0), "bad arg in system call");
    FAILS(semrelease(words, 1), "bad arg in system call");
    words[0] = 1;
    FAILS(semacquire((int*)((char*)words + 2), 0), "bad arg in system call");
    FAILS(semrelease(words, -1), "bad arg in system call");
    words[0] = 0x7fffffff;
    FAILS(semrelease(words, 1), "bad arg in system call");
    SAME(words[0], 0x7fffffff);
    FAILS(semrelease((int*)&kConstant, 1), "bad arg in system call");
    FAILS(semacquire((int*)8, 1), "bad arg in system call");
    FAILS(tsemacquire((int*)0xffffffc080200000, 1), "bad arg in system call");
    FAILS(semrelease((int*)-4ul, 1), "bad arg in system call");
    SAME(notes_seen, 9);
    exits("");
}
