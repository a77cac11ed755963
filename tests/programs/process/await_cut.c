// await() gives no more than there is room for, and the record is gone all the same.
#include "../check.h"

static void says(void) { exits("some words"); }

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    char text[WAITTEXT], number[16];
    const int pid = child(says);
    const int digits = snprint(number, sizeof number, "%d", pid);
    memset(text, '#', sizeof text);
    SAME(await(text, digits), digits);
    CHECK(strncmp(text, number, digits) == 0 && text[digits] == '#');
    FAILS(await(text, sizeof text), "no living children");
    exits("");
}
