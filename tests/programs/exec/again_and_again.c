// A program that executes itself many times leaves nothing behind.
#include "../check.h"

void main(int argc, char* argv[]) {
    const int left = argc > 1 ? atoi(argv[1]) : 100;
    CHECK(malloc(10000) != nil);
    if (left == 0) exits("");
    char number[16];
    snprint(number, sizeof number, "%d", left - 1);
    exec("/suite/again_and_again", (char*[]){"again_and_again", number, nil});
    fail("exec: %r");
}
