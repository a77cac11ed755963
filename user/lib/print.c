// print() to descriptors and into memory.
#include <libc.h>

// Formats into [to, end), always with a NUL if there is room for one. Returns where it is.
char* vseprint(char* to, char* end, const char* format, va_list args) {
    if (to >= end) return to;
    Fmt f = {.start = to, .to = to, .stop = end - 1};
    va_copy(f.args, args);
    dofmt(&f, format);
    va_end(f.args);
    char* at = f.to;
    // A rune is there or not: no part of one at the end.
    if (at == f.stop) {
        char* last = at;
        while (last > to && ((uchar)last[-1] & 0xC0) == 0x80) --last;
        if (last > to && !fullrune(last - 1, at - last + 1)) at = last - 1;
    }
    *at = '\0';
    return at;
}

int vsnprint(char* buffer, usize size, const char* format, va_list args) {
    return vseprint(buffer, buffer + size, format, args) - buffer;
}

int snprint(char* buffer, usize size, const char* format, ...) {
    va_list args;
    va_start(args, format);
    const int count = vsnprint(buffer, size, format, args);
    va_end(args);
    return count;
}

// As much as there is: the caller knows that its room is enough.
int sprint(char* buffer, const char* format, ...) {
    va_list args;
    va_start(args, format);
    const int count = vsnprint(buffer, 1 << 30, format, args);
    va_end(args);
    return count;
}

char* seprint(char* buffer, char* end, const char* format, ...) {
    va_list args;
    va_start(args, format);
    char* at = vseprint(buffer, end, format, args);
    va_end(args);
    return at;
}

// A text that grows.
static int grow(Fmt* f) {
    const usize used = (char*)f->to - (char*)f->start;
    const usize room = 2 * (used + 1);
    char* longer = realloc(f->start, room);
    if (longer == nil) return 0;
    f->start = longer;
    f->to = longer + used;
    f->stop = longer + room - 1;
    return 1;
}

int fmtstrinit(Fmt* f) {
    enum { kFirst = 64 };
    memset(f, 0, sizeof *f);
    char* text = malloc(kFirst);
    if (text == nil) return -1;
    f->start = f->to = text;
    f->stop = text + kFirst - 1;
    f->flush = grow;
    return 0;
}

char* fmtstrflush(Fmt* f) {
    char* text = f->start;
    if (text != nil) *(char*)f->to = '\0';
    f->start = nil;
    return text;
}

char* vsmprint(const char* format, va_list args) {
    Fmt f;
    if (fmtstrinit(&f) < 0) return nil;
    va_copy(f.args, args);
    const int result = dofmt(&f, format);
    va_end(f.args);
    if (result >= 0) return fmtstrflush(&f);
    free(f.start);
    return nil;
}

char* smprint(const char* format, ...) {
    va_list args;
    va_start(args, format);
    char* text = vsmprint(format, args);
    va_end(args);
    return text;
}

int fmtfdflush(Fmt* f) {
    const long size = (char*)f->to - (char*)f->start;
    if (size > 0 && write((int)(intptr)f->farg, f->start, size) != size) {
        f->stop = f->to;
        return 0;
    }
    f->to = f->start;
    return 1;
}

int fmtfdinit(Fmt* f, int fd, char* buffer, int size) {
    memset(f, 0, sizeof *f);
    f->start = f->to = buffer;
    f->stop = buffer + size;
    f->flush = fmtfdflush;
    f->farg = (void*)(intptr)fd;
    return 0;
}

int vfprint(int fd, const char* format, va_list args) {
    // What fits is one write, so that lines of several processes do not mix.
    char buffer[256];
    Fmt f;
    fmtfdinit(&f, fd, buffer, sizeof buffer);
    va_copy(f.args, args);
    const int count = dofmt(&f, format);
    va_end(f.args);
    return count >= 0 && fmtfdflush(&f) ? count : -1;
}

int fprint(int fd, const char* format, ...) {
    va_list args;
    va_start(args, format);
    const int count = vfprint(fd, format, args);
    va_end(args);
    return count;
}

int print(const char* format, ...) {
    va_list args;
    va_start(args, format);
    const int count = vfprint(1, format, args);
    va_end(args);
    return count;
}
