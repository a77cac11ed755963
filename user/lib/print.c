// print() to descriptors and into memory.
#include <libc.h>

typedef struct {
    char *at, *end;  // of the room, without the place of the NUL
} Room;

static void put_in_room(Fmt* out, const char* text, usize size) {
    Room* room = out->to;
    const usize left = room->end - room->at;
    if (size > left) size = left;
    memmove(room->at, text, size);
    room->at += size;
}

// Formats into [to, end), always with a NUL if there is room for one. Returns where it is.
static char* format_into(char* to, char* end, const char* format, va_list args) {
    if (to >= end) return to;
    Room room = {to, end - 1};
    Fmt out = {put_in_room, &room, 0};
    fmt_vprint(&out, format, args);
    // A rune is there or not: no part of one at the end.
    if (room.at == room.end) {
        char* last = room.at;
        while (last > to && ((uchar)last[-1] & 0xC0) == 0x80) --last;
        if (last > to && !fullrune(last - 1, room.at - last + 1)) room.at = last - 1;
    }
    *room.at = '\0';
    return room.at;
}

int vsnprint(char* buffer, usize size, const char* format, va_list args) {
    return format_into(buffer, buffer + size, format, args) - buffer;
}

int snprint(char* buffer, usize size, const char* format, ...) {
    va_list args;
    va_start(args, format);
    const int count = vsnprint(buffer, size, format, args);
    va_end(args);
    return count;
}

char* seprint(char* buffer, char* end, const char* format, ...) {
    va_list args;
    va_start(args, format);
    char* at = format_into(buffer, end, format, args);
    va_end(args);
    return at;
}

static void put_nowhere(Fmt* out, const char* text, usize size) {
    USED(out), USED(text), USED(size);
}

char* smprint(const char* format, ...) {
    va_list args;
    va_start(args, format);
    Fmt nowhere = {put_nowhere, nil, 0};
    fmt_vprint(&nowhere, format, args);
    va_end(args);
    char* text = malloc(nowhere.count + 1);
    if (text == nil) return nil;
    va_start(args, format);
    vsnprint(text, nowhere.count + 1, format, args);
    va_end(args);
    return text;
}

// What fits is one write, so that lines of several processes do not mix.
typedef struct {
    int fd, failed;
    uint size;
    char data[256];
} Pending;

static void flush(Pending* pending) {
    if (pending->size > 0 &&
        write(pending->fd, pending->data, pending->size) != (long)pending->size) {
        pending->failed = 1;
    }
    pending->size = 0;
}

static void put_pending(Fmt* out, const char* text, usize size) {
    Pending* pending = out->to;
    while (size > 0) {
        if (pending->size == sizeof pending->data) flush(pending);
        usize part = sizeof pending->data - pending->size;
        if (part > size) part = size;
        memcpy(pending->data + pending->size, text, part);
        pending->size += part;
        text += part;
        size -= part;
    }
}

int vfprint(int fd, const char* format, va_list args) {
    Pending pending;
    pending.fd = fd;
    pending.failed = 0;
    pending.size = 0;
    Fmt out = {put_pending, &pending, 0};
    fmt_vprint(&out, format, args);
    flush(&pending);
    return pending.failed ? -1 : (int)out.count;
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
