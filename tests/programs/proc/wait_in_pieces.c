// A read of `wait` takes one record, and what does not fit is lost. Its length is how many there are.
#include "../check.h"

static void ends(void) { _exits("a long story"); }

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    char text[256];
    const int fd = process_file(getpid(), "wait", OREAD);
    const int first = child(ends);
    const int second = child(ends);
    for (int i = 0; i < 2; ++i) {
        char name[32];
        snprint(name, sizeof name, "/proc/%d", i == 0 ? first : second);
        EVENTUALLY(access(name, AEXIST) < 0);
    }
    Dir* entry = dirfstat(fd);
    CHECK(entry != nil);
    SAME(entry->length, 2);
    SAME(read(fd, text, 5), 5);
    const long n = read(fd, text, sizeof text - 1);
    CHECK(n > 0);
    text[n] = '\0';
    CHECK(strstr(text, ": a long story'") != nil);
    const int told = atoi(text);
    CHECK(told == first || told == second);
    FAILS(read(fd, text, sizeof text), "no living children");
    entry = dirfstat(fd);
    CHECK(entry != nil && entry->length == 0);
    exits("");
}
