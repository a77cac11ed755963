// Processes that write at once through one descriptor do not write over each other.
#include "../check.h"

enum { kWriters = 4, kWrites = 60, kSize = 64 };
static char text[kWriters * kWrites * kSize + 1];

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    const int fd = create("/env/shared_writes", ORDWR, 0666);
    CHECK(fd >= 0);
    for (int writer = 0; writer < kWriters; ++writer) {
        const int pid = fork();
        CHECK(pid >= 0);
        if (pid > 0) continue;
        char piece[kSize];
        memset(piece, 'a' + writer, kSize);
        for (int i = 0; i < kWrites; ++i) {
            SAME(write(fd, piece, kSize), kSize);
            if (i % 16 == 0) sleep(0);
        }
        exits("");
    }
    for (int writer = 0; writer < kWriters; ++writer) CHECK(waitpid() > 0);
    SAME(pread(fd, text, sizeof text, 0), kWriters * kWrites * kSize);
    int counts[kWriters] = {0};
    for (int i = 0; i < kWriters * kWrites * kSize; i += kSize) {
        for (int k = 1; k < kSize; ++k) SAME(text[i + k], text[i]);
        ++counts[text[i] - 'a'];
    }
    for (int writer = 0; writer < kWriters; ++writer) SAME(counts[writer], kWrites);
    // What was not written is given back.
    CHECK(notify(count_notes) == 0);
    SAME(seek(fd, 0, 1), kWriters * kWrites * kSize);
    CHECK(write(fd, (void*)(uintptr)0x3ffffff000, 8) == -1);
    SAME(seek(fd, 0, 1), kWriters * kWrites * kSize);
    exits("");
}
