// exec with 0, 10, 20 ... free pages: it replaces the program, or fails with an error, or the
// program ends as the largest there is. The machine goes on.
#include "../check.h"

enum { kPage = 4096, kMost = 60, kStep = 10 };

static int left;

/* How many pages nobody has; 0 when there is not even one to say it on. */
static vlong free_pages(void) {
    static char text[8192];
    const int fd = open("/proc/stats", OREAD);
    if (fd < 0) return 0;
    const long size = readn(fd, text, sizeof text - 1);
    close(fd);
    if (size <= 0) return 0;
    text[size] = '\0';
    const char* const at = strstr(text, "pages.free ");
    CHECK(at != nil);
    return atoll(at + 11);
}

static void eats_and_executes(void) {
    while (free_pages() > left) {
        const vlong much = free_pages() - left;
        const int count = much > 16 ? much / 2 : 1;
        char* const more = sbrk(count * kPage);
        if (more == (char*)-1) break;
        for (int i = 0; i < count; ++i) more[i * kPage] = 1;
    }
    exec("/bin/echo", (char*[]){"echo", "executed", nil});
    FAILS(-1, "kernel allocate failed");
    _exits("refused");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    int executed = 0;
    for (left = 0; left <= kMost; left += kStep) {
        const int pid = child(eats_and_executes);
        CHECK(pid > 0);
        Waitmsg* const message = wait();
        CHECK(message != nil && message->pid == pid);
        static const char* const kEnds[] = {"refused", "Killed", "sys: no memory for a page"};
        int known = message->msg[0] == '\0';
        executed += known;
        for (usize i = 0; i < nelem(kEnds); ++i) known |= strstr(message->msg, kEnds[i]) != nil;
        if (!known) fail("with %d pages: %s", left, message->msg);
        free(message);
    }
    CHECK(executed > 0);
    // There is memory again.
    ENDS(child(eats_and_executes), "*");
    exits("");
}
