// The end of memory cannot be where it makes no sense; then it stays where it was. What programs
// that are killed had taken is there for others.
#include "../check.h"

enum { kPage = 4096, kPages = 400, kTakers = 10, kMuch = kTakers * kPages / 2 };

static int* ready;

/* Pages that nobody has: kernel stacks are kept for the next process. */
static vlong left(void) {
    static const char* const kCounts[] = {"pages.free ", "pages.cachedstacks "};
    static char text[8192];
    vlong pages = 0;
    const int fd = open("/proc/stats", OREAD);
    const long size = readn(fd, text, sizeof text - 1);
    CHECK(size > 0);
    close(fd);
    text[size] = '\0';
    for (usize i = 0; i < nelem(kCounts); ++i) {
        const char* const at = strstr(text, kCounts[i]);
        CHECK(at != nil);
        pages += atoll(at + strlen(kCounts[i]));
    }
    return pages;
}

static void refused(void) {
    char* const base = sbrk(kPage);
    base[0] = 'x';
    static const uintptr kWhere[] = {0, 1, 0x1000, 0x10000, 0xffffffc000000000, ~(uintptr)0};
    for (usize i = 0; i < nelem(kWhere); ++i) {
        FAILS(brk((void*)kWhere[i]), "bad arg in system call");
    }
    FAILS(brk((void*)(uintptr)0x3ffff000), "segments overlap");
    FAILS(brk((void*)(uintptr)0x7ffffffff000), "bad arg in system call");
    FAILS(brk((void*)(uintptr)0x3fffffffff), "segments overlap");
    SAME(base[0], 'x');
    CHECK(sbrk(0) == base + kPage);
    base[kPage - 1] = 'y';
    SAME(brk(base + 1), 0);
    SAME(base[0], 'x');
}

static void takes(void) {
    // What cannot be had costs nothing.
    CHECK(sbrk(1l << 30) == (void*)-1);
    char* const pages = sbrk(kPages * kPage);
    for (int i = 0; i < kPages; ++i) pages[i * kPage] = i;
    semrelease(ready, 1);
    for (;;) sleep(1000);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    refused();
    DIES(refused, "");
    ready = shared_memory(sizeof *ready);
    const vlong before = left();
    int pids[kTakers];
    for (int i = 0; i < kTakers; ++i) pids[i] = child(takes);
    for (int i = 0; i < kTakers; ++i) SAME(semacquire(ready, 1), 1);
    CHECK(left() < before - kMuch);
    for (int i = 0; i < kTakers; ++i) SAME(control(pids[i], "kill"), 0);
    for (int i = 0; i < kTakers; ++i) ENDS(pids[i], "Killed");
    EVENTUALLY(left() > before - kMuch / 8);
    exits("");
}
