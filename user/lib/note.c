// Notes: sending them, and handlers that take turns.
#include <libc.h>

enum { kMost = 32 };

static struct {
    Lock lock;
    int (*handlers[kMost])(void*, char*);
} notes;

int postnote(int whom, int pid, char* note) {
    char name[32];
    if (whom != PNPROC && whom != PNGROUP) {
        werrstr("neither a process nor a group: %d", whom);
        return -1;
    }
    snprint(name, sizeof name, "/proc/%d/%s", pid, whom == PNGROUP ? "notepg" : "note");
    const int fd = open(name, OWRITE);
    if (fd < 0) return -1;
    const long size = strlen(note);
    const int sent = write(fd, note, size) == size;
    close(fd);
    return sent ? 0 : -1;
}

static void deliver(void* registers, char* text) {
    for (int i = 0; i < kMost; ++i) {
        if (notes.handlers[i] != nil && notes.handlers[i](registers, text)) noted(NCONT);
    }
    noted(NDFLT);
}

int atnotify(int (*handler)(void*, char*), int in) {
    int (*const old)(void*, char*) = in ? nil : handler;
    int changed = 0, left = 0;
    lock(&notes.lock);
    for (int i = 0; i < kMost; ++i) {
        if (!changed && notes.handlers[i] == old) {
            notes.handlers[i] = in ? handler : nil;
            changed = 1;
        }
        left += notes.handlers[i] != nil;
    }
    unlock(&notes.lock);
    if (changed && notify(left > 0 ? deliver : nil) < 0) return 0;
    return changed;
}
