// When there is no memory for a page or a fork, the largest program ends, the log says so, and who
// asked goes on; unless the largest is spared: then who asked ends.
#include "../check.h"

enum { kPage = 4096, kEnough = 1200, kChildren = 40, kLeft = 40 };

static int* ready;
static int* begin;
static int ends[2];
static int errors[2];  // what the big one writes to as its descriptor 2 is read here

static vlong free_pages(void) { return kernel_count("pages.free"); }

/* Takes most of the memory that there is, and keeps it. */
static void is_big(void) {
    CHECK(dup(errors[1], 2) == 2);
    // Half of what is left, again and again: looking costs more than taking.
    for (vlong count; (count = (free_pages() - kLeft + 1) / 2) > 0;) {
        char* const more = sbrk(count * kPage);
        for (int i = 0; i < count; ++i) more[i * kPage] = 1;
    }
    semrelease(ready, 1);
    for (;;) sleep(1000);
}

static void wants_pages(void) {
    char* const pages = sbrk(kEnough * kPage);
    for (int i = 0; i < kEnough; ++i) pages[i * kPage] = i;
    for (int i = 0; i < kEnough; ++i) SAME(pages[i * kPage], (char)i);
}

/* For when there is no memory for a fork: its stack alone may be more than what is left. */
static void wants_pages_later(void) {
    SAME(semacquire(begin, 1), 1);
    wants_pages();
}

static void waits_for_a_byte(void) {
    char byte;
    SAME(read(ends[0], &byte, 1), 1);
}

static void wants_forks(void) {
    CHECK(pipe(ends) == 0);
    for (int i = 0; i < kChildren; ++i) CHECK(child(waits_for_a_byte) > 0);
    // Where a fork or a page waits for the memory of who ends, a write fails.
    for (int i = 0; i < kChildren; ++i) EVENTUALLY(write(ends[1], "x", 1) == 1);
    for (int i = 0; i < kChildren; ++i) {
        Waitmsg* const message = wait();
        CHECK(message != nil && message->msg[0] == '\0');
        free(message);
    }
}

static int make_big(void) {
    const int pid = child(is_big);
    CHECK(pid > 0);
    SAME(semacquire(ready, 1), 1);
    return pid;
}

static void fills_errors(void) {
    static char much[4096];
    for (;;) write(errors[1], much, sizeof much);
}

/* The log has a line that begins so. */
static int is_logged(const char* line) {
    static char text[65536];
    const int fd = open("/dev/kmesg", OREAD);
    CHECK(fd >= 0);
    const long size = readn(fd, text, sizeof text - 1);
    close(fd);
    text[size < 0 ? 0 : size] = '\0';
    return strstr(text, line) != nil;
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    ready = shared_memory(2 * sizeof *ready);
    begin = ready + 1;
    void (*const kWanting[])(void) = {wants_pages, wants_forks};
    for (usize i = 0; i < nelem(kWanting); ++i) {
        CHECK(pipe(errors) == 0);
        const int big = make_big();
        DIES(kWanting[i], "");
        ENDS(big, "Killed: Insufficient physical memory");
        char line[80];
        snprint(line, sizeof line, "%d: killbig killed: no memory for ", big);
        CHECK(is_logged(line));
        snprint(line, sizeof line, "killbig %d: Killed: Insufficient physical memory\n", big);
        char told[80];
        const long size = read(errors[0], told, sizeof told - 1);
        CHECK(size > 0);
        told[size] = '\0';
        CHECK(strcmp(told, line) == 0);
    }
    // What it has to say is no reason to stay: here its words find no room, and nobody reads.
    const int filler = child(fills_errors);
    EVENTUALLY(strcmp(state_of(filler), "Pwrite") == 0);
    const int mute = make_big();
    DIES(wants_pages, "");
    ENDS(mute, "Killed: Insufficient physical memory");
    SAME(control(filler, "kill"), 0);
    ENDS(filler, "Killed");
    const int wanting = child(wants_pages_later);
    const int big = make_big();
    SAME(control(big, "noswap"), 0);
    semrelease(begin, 1);
    ENDS(wanting, "sys: no memory for a page");
    SAME(control(big, "kill"), 0);
    ENDS(big, "Killed");
    exits("");
}
