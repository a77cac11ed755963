// The end of a program.
#include <libc.h>

enum { kMost = 32 };

static struct {
    Lock lock;
    int count;
    void (*functions[kMost])(void);
} ending;

int atexit(void (*function)(void)) {
    lock(&ending.lock);
    const int there_is_room = ending.count < kMost;
    if (there_is_room) ending.functions[ending.count++] = function;
    unlock(&ending.lock);
    return there_is_room;
}

void atexitdont(void (*function)(void)) {
    lock(&ending.lock);
    int left = 0;
    for (int i = 0; i < ending.count; ++i) {
        if (ending.functions[i] != function) ending.functions[left++] = ending.functions[i];
    }
    ending.count = left;
    unlock(&ending.lock);
}

void exits(const char* status) {
    // Taken off before they are called: one that calls exits() does not begin again.
    while (ending.count > 0) ending.functions[--ending.count]();
    _exits(status);
}
