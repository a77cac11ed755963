// status is 176 bytes with a newline at the end, and pieces of any size are pieces of one text.
#include "../check.h"

enum { kSize = 176 };

static void sleeps(void) {
    for (;;) sleep(1000);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    char whole[kSize + 1], pieces[kSize + 1];
    const int pid = child(sleeps);
    CHECK(pid > 0);
    const int fd = process_file(pid, "status", OREAD);
    static const int sizes[] = {1, 2, 5, 60, kSize - 1, kSize, kSize + 1};
    for (usize i = 0; i < nelem(sizes); ++i) {
        const int piece = sizes[i];
        // What is read at 0 is kept, so only what follows is of the same moment.
        long done = 0;
        for (long n; (n = pread(fd, pieces + done, piece, done)) > 0; done += n) continue;
        SAME(done, kSize);
        CHECK(pieces[kSize - 1] == '\n' && memchr(pieces, '\n', kSize - 1) == nil);
        SAME(pread(fd, whole, sizeof whole, 1), kSize - 1);
        CHECK(memcmp(whole, pieces + 1, kSize - 1) == 0);
    }
    SAME(pread(fd, whole, sizeof whole, kSize), 0);
    Dir* const entry = dirfstat(fd);
    CHECK(entry != nil && entry->length == kSize);
    SAME(control(pid, "kill"), 0);
    ENDS(pid, "Killed");
    exits("");
}
