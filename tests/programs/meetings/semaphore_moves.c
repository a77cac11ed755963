// A thread waits at a semaphore in data that becomes common to another process, and its own again: it is woken
// all the same.
#include "../check.h"

enum { kPatience = 10000 };
static char stack[8192];
static int waiting, sem, woken;

static void waits(void* argument) {
    USED(argument);
    for (int i = 0; i < 2; ++i) {
        semrelease(&waiting, 1);
        semacquire(&sem, 1);
        semrelease(&woken, 1);
    }
}

/* Until the thread sleeps: it has said that it is about to. */
static void let_it_wait(void) {
    SAME(tsemacquire(&waiting, kPatience), 1);
    sleep(50);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    CHECK(thread_create(waits, nil, stack + sizeof stack) > 0);
    let_it_wait();
    int pid = rfork(RFPROC | RFMEM);
    if (pid == 0) {
        semrelease(&sem, 1);
        exits("");
    }
    CHECK(pid > 0);
    SAME(tsemacquire(&woken, kPatience), 1);
    while (waitpid() != pid) continue;
    let_it_wait();
    // Nobody shares the data any more, and this fork makes it this process's own.
    pid = fork();
    if (pid == 0) exits("");
    while (waitpid() != pid) continue;
    SAME(semrelease(&sem, 1), 1);
    SAME(tsemacquire(&woken, kPatience), 1);
    exits("");
}
