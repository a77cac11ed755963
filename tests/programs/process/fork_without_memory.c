// Forks until there is no memory: programs end to make room, who forks goes on, and when all are
// gone there is room again.
#include "../check.h"

enum { kPage = 4096, kPages = 300, kChildren = 100 };

static int ends[2];

static void takes_memory(void) {
    close(ends[1]);
    char* const pages = sbrk(kPages * kPage);
    for (int i = 0; i < kPages; ++i) pages[i * kPage] = i;
    char byte;
    read(ends[0], &byte, 1);
    for (int i = 0; i < kPages; ++i) SAME(pages[i * kPage], (char)i);
}

static int ends_well(int pid) {
    if (pid < 0) return 0;
    Waitmsg* const message = wait();
    CHECK(message != nil && message->pid == pid);
    const int well = message->msg[0] == '\0';
    free(message);
    return well;
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    CHECK(pipe(ends) == 0);
    int made = 0, whole = 0, ended = 0;
    while (made < kChildren && child(takes_memory) > 0) ++made;
    CHECK(made > 20);
    close(ends[1]);
    for (int i = 0; i < made; ++i) {
        Waitmsg* const message = wait();
        CHECK(message != nil);
        if (message->msg[0] == '\0') {
            ++whole;
        } else if (strstr(message->msg, "Killed") != nil ||
                   strstr(message->msg, "sys: no memory for a page") != nil) {
            ++ended;
        } else {
            fail("%s", message->msg);
        }
        free(message);
    }
    CHECK(whole > 0 && ended > 0);
    // Those that were told to end are on their way out.
    EVENTUALLY(ends_well(child(takes_memory)));
    exits("");
}
