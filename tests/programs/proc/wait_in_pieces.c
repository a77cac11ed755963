// A read of `wait` takes one record, and what does not fit is lost. Its length is how many there are.
#include "../check.h"

static void ends(void) { _exits("a long story"); }

static vlong length_of(int fd) {
    Dir* const entry = dirfstat(fd);
    CHECK(entry != nil);
    const vlong length = entry->length;
    free(entry);
    return length;
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    char text[256];
    const int fd = process_file(getpid(), "wait", OREAD);
    const int first = child(ends);
    const int second = child(ends);
    // A record comes after its process's number has gone.
    EVENTUALLY(length_of(fd) == 2);
    SAME(read(fd, text, 5), 5);
    const long n = read(fd, text, sizeof text - 1);
    CHECK(n > 0);
    text[n] = '\0';
    CHECK(strstr(text, ": a long story'") != nil);
    const int told = atoi(text);
    CHECK(told == first || told == second);
    FAILS(read(fd, text, sizeof text), "no living children");
    SAME(length_of(fd), 0);
    exits("");
}
