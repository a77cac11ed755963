// A name in any page of the first megabytes, and around the stack: refused with a note if the page
// is not there, looked for and not found if it is.
#include "../check.h"

enum { kPage = 4096, kFirst = 4 << 20, kBegin = 0x10000 };
static const uintptr kStackTop = 1 << 30, kStackBottom = (1 << 30) - (16 << 20);

static int there, not_there;

/* Whether a name at `at` is refused as bad memory. */
static int is_refused(uintptr at) {
    const int before = notes_seen;
    // Whatever the name says, there is no place to bind it on.
    SAME(bind((const char*)at, "/no/such/place", MREPL), -1);
    char why[ERRMAX];
    rerrstr(why, sizeof why);
    if (strcmp(why, "bad arg in system call") != 0) {
        SAME(notes_seen, before);
        ++there;
        return 0;
    }
    SAME(notes_seen, before + 1);
    CHECK(strncmp(last_note, "sys: bad address in syscall", 27) == 0);
    ++not_there;
    return 1;
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    const uintptr end = ((uintptr)sbrk(0) + kPage - 1) & ~(uintptr)(kPage - 1);
    CHECK(notify(count_notes) == 0);
    for (uintptr at = 0; at < kFirst; at += kPage) {
        if (is_refused(at) != (at < kBegin || at >= end)) fail("0x%llx", (uvlong)at);
    }
    SAME(there, (end - kBegin) / kPage);
    for (uintptr at = kStackBottom - 16 * kPage; at < kStackTop + 16 * kPage; at += kPage) {
        if (is_refused(at) != (at < kStackBottom || at >= kStackTop)) fail("0x%llx", (uvlong)at);
    }
    for (int bit = 31; bit < 64; ++bit) CHECK(is_refused((uintptr)1 << bit));
    CHECK(not_there > 1000);
    exits("");
}
