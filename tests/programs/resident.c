// resident: a fork costs the same however many pages are resident, and parent and child see their
// own afterwards.
//
// usage: resident pages
// Prints what fork, exit and wait take: with nothing attached, with some pages, with all.
#include <libc.h>

enum { kPage = 4096, kSome = 10000, kWarm = 10, kTurns = 50 };

static char record[WAITTEXT];

static void reap(void) {
    if (await(record, sizeof record) < 0) sysfatal("await: %r");
}

static void fork_and_reap(void) {
    const int pid = fork();
    if (pid < 0) sysfatal("fork: %r");
    if (pid == 0) _exits(nil);
    reap();
}

static void measure(long pages) {
    for (int i = 0; i < kWarm; i++) fork_and_reap();
    const vlong began = nsec();
    for (int i = 0; i < kTurns; i++) fork_and_reap();
    print("%ld pages: %lld\n", pages, (nsec() - began) / kTurns);
}

void main(int argc, char* argv[]) {
    const long count = argc == 2 ? atoll(argv[1]) : 0;
    if (count < kSome) sysfatal("usage: resident pages, %d or more", kSome);
    measure(0);
    char* const pages = segattach(0, "memory", nil, (usize)count * kPage);
    if (pages == (void*)-1) sysfatal("segattach: %r");
#define PAGE(i) (*(volatile long*)(pages + (i) * (long)kPage))
    for (long i = 0; i < kSome; i++) PAGE(i) = i + 1;
    measure(kSome);
    for (long i = kSome; i < count; i++) PAGE(i) = i + 1;
    measure(count);

    if (fork() == 0) {
        for (long i = 0; i < count; i++) {
            if (PAGE(i) != i + 1) exits("the child sees another page");
            PAGE(i) = -i;
        }
        for (long i = 0; i < count; i++) {
            if (PAGE(i) != -i) exits("the child does not see what it wrote");
        }
        _exits(nil);
    }
    Waitmsg* const message = wait();
    if (message == nil || message->msg[0] != '\0') sysfatal("%s", message ? message->msg : "no child");
    for (long i = 0; i < count; i++) {
        if (PAGE(i) != i + 1) sysfatal("the parent sees what the child wrote");
    }
    print("resident: all pages are as they were\n");
    exits(nil);
}
