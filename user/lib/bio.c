// Buffered input and output.
#include <bio.h>
#include <libc.h>

static Biobuf* to_flush;  // those that write, newest first

static void flush_all(void) {
    while (to_flush != nil) {
        Biobuf* next = to_flush->next;
        Bflush(to_flush);
        to_flush = next;
    }
}

// What Blethal(buffer, nil) makes of an error.
static void end_with(char* text) { sysfatal("%s", text); }

static void forget(const Biobuf* buffer) {
    for (Biobuf** link = &to_flush; *link != nil; link = &(*link)->next) {
        if (*link == buffer) {
            *link = buffer->next;
            return;
        }
    }
}

int Binits(Biobuf* buffer, int fd, int mode, uchar* data, int room) {
    static int registered;
    mode &= ~(OTRUNC | OCEXEC | ORCLOSE);
    buffer->fid = fd;
    buffer->mode = mode;
    buffer->failed = buffer->opened = 0;
    buffer->at = buffer->size = buffer->line = buffer->rune = 0;
    buffer->offset = 0;
    buffer->next = nil;
    buffer->data = data;
    buffer->room = room;
    buffer->lethal = nil;
    buffer->transfer = nil;
    if (mode == OREAD) return 0;
    if (mode != OWRITE) {
        buffer->mode = -1;
        werrstr("neither read nor written: mode %d", mode);
        return Beof;
    }
    if (!registered) registered = atexit(flush_all);
    buffer->next = to_flush;
    to_flush = buffer;
    return 0;
}

int Binit(Biobuf* buffer, int fd, int mode) {
    return Binits(buffer, fd, mode, buffer->own, sizeof buffer->own);
}

Biobuf* Bfdopen(int fd, int mode) {
    Biobuf* buffer = malloc(sizeof *buffer);
    if (buffer == nil) return nil;
    if (Binit(buffer, fd, mode) < 0) {
        free(buffer);
        return nil;
    }
    buffer->opened = 1;
    return buffer;
}

Biobuf* Bopen(const char* name, int mode) {
    const int how = mode & ~(OTRUNC | OCEXEC | ORCLOSE);
    const int fd = how == OWRITE ? create(name, mode, 0666) : open(name, mode);
    if (fd < 0) return nil;
    Biobuf* buffer = Bfdopen(fd, mode);
    if (buffer == nil) close(fd);
    return buffer;
}

int Bterm(Biobuf* buffer) {
    const int result = buffer->mode == OWRITE ? Bflush(buffer) : 0;
    forget(buffer);
    buffer->mode = -1;
    buffer->at = buffer->size = 0;
    if (buffer->opened) {
        close(buffer->fid);
        free(buffer);
    }
    return result;
}

void Berror(Biobuf* buffer, const char* format, ...) {
    char text[ERRMAX];
    va_list args;
    va_start(args, format);
    vsnprint(text, sizeof text, format, args);
    va_end(args);
    if (buffer->lethal != nil) buffer->lethal(text);
}

// A read or write that went wrong.
static void fail(Biobuf* buffer) {
    buffer->failed = 1;
    Berror(buffer, "%s error: %r", buffer->mode == OWRITE ? "write" : "read");
}

void Blethal(Biobuf* buffer, void (*function)(char*)) {
    buffer->lethal = function != nil ? function : end_with;
}

void Biofn(Biobuf* buffer, int (*function)(Biobuf*, void*, long)) { buffer->transfer = function; }

static long transfer(Biobuf* buffer, void* data, long size) {
    if (buffer->transfer != nil) return buffer->transfer(buffer, data, size);
    return buffer->mode == OWRITE ? write(buffer->fid, data, size) : read(buffer->fid, data, size);
}

int Bflush(Biobuf* buffer) {
    if (buffer->mode != OWRITE) return 0;
    uint done = 0;
    while (!buffer->failed && done < buffer->at) {
        const long size = transfer(buffer, buffer->data + done, buffer->at - done);
        if (size <= 0)
            fail(buffer);
        else
            done += size;
    }
    buffer->offset += buffer->at;
    buffer->at = 0;
    return buffer->failed ? -1 : 0;
}

// Reads behind what is there, from `at` on. 0 at the end.
static int fill(Biobuf* buffer) {
    if (buffer->failed || buffer->mode != OREAD) return 0;
    // Some bytes stay before `at`, for Bungetc(), unless a long line needs their room.
    uint gone = buffer->at > Bungetsize ? buffer->at - Bungetsize : 0;
    if (buffer->size - gone == buffer->room) gone = buffer->at;
    if (gone > 0) {
        memmove(buffer->data, buffer->data + gone, buffer->size - gone);
        buffer->at -= gone;
        buffer->size -= gone;
        buffer->offset += gone;
    }
    if (buffer->size == buffer->room) return 0;
    const long got = transfer(buffer, buffer->data + buffer->size, buffer->room - buffer->size);
    if (got < 0) fail(buffer);
    if (got <= 0) return 0;
    buffer->size += got;
    return 1;
}

int Bgetc(Biobuf* buffer) {
    if (buffer->at == buffer->size && !fill(buffer)) return Beof;
    return buffer->data[buffer->at++];
}

int Bungetc(Biobuf* buffer) {
    if (buffer->mode != OREAD || buffer->at == 0) return Beof;
    --buffer->at;
    return 1;
}

long Bgetrune(Biobuf* buffer) {
    while (!fullrune((char*)buffer->data + buffer->at, buffer->size - buffer->at) && fill(buffer)) {
    }
    if (buffer->at == buffer->size) return Beof;
    char text[UTFmax + 1] = {0};
    uint have = buffer->size - buffer->at;
    memcpy(text, buffer->data + buffer->at, have < UTFmax ? have : UTFmax);
    Rune rune;
    buffer->rune = chartorune(&rune, text);
    buffer->at += buffer->rune;
    return rune;
}

int Bungetrune(Biobuf* buffer) {
    if (buffer->rune == 0 || buffer->rune > buffer->at) return Beof;
    buffer->at -= buffer->rune;
    buffer->rune = 0;
    return 1;
}

void* Brdline(Biobuf* buffer, int delimiter) {
    uint looked_at = 0;
    buffer->line = 0;
    for (;;) {
        uchar* const begin = buffer->data + buffer->at;
        const uint have = buffer->size - buffer->at;
        uchar* const end = memchr(begin + looked_at, delimiter, have - looked_at);
        if (end != nil) {
            buffer->line = end - begin + 1;
            buffer->at += buffer->line;
            return begin;
        }
        looked_at = have;
        if (have == buffer->room) {
            buffer->line = have;
            return nil;
        }
        if (!fill(buffer)) return nil;
    }
}

int Blinelen(Biobuf* buffer) { return buffer->line; }

char* Brdstr(Biobuf* buffer, int delimiter, int chop) {
    char* text = nil;
    usize size = 0;
    for (;;) {
        const char* line = Brdline(buffer, delimiter);
        const int complete = line != nil;
        uint part = Blinelen(buffer);
        if (!complete) {
            // A piece of a line longer than the buffer, or what comes before the end.
            line = (char*)buffer->data + buffer->at;
            part = buffer->size - buffer->at;
            buffer->at = buffer->size;
            if (part == 0) {
                buffer->line = size;
                return text;
            }
        }
        char* longer = realloc(text, size + part + 1);
        if (longer == nil) {
            free(text);
            return nil;
        }
        text = longer;
        memcpy(text + size, line, part);
        size += part;
        text[size] = '\0';
        buffer->line = size;
        if (!complete) continue;
        if (chop) text[--size] = '\0';
        buffer->line = size;
        return text;
    }
}

long Bread(Biobuf* buffer, void* to, long size) {
    long got = 0;
    while (got < size) {
        if (buffer->at == buffer->size && !fill(buffer)) break;
        long part = buffer->size - buffer->at;
        if (part > size - got) part = size - got;
        memcpy((uchar*)to + got, buffer->data + buffer->at, part);
        buffer->at += part;
        got += part;
    }
    return got == 0 && buffer->failed ? -1 : got;
}

vlong Boffset(Biobuf* buffer) { return buffer->offset + buffer->at; }

long Bwrite(Biobuf* buffer, const void* data, long size) {
    for (long done = 0; done < size;) {
        if (buffer->at == buffer->room) Bflush(buffer);
        long part = buffer->room - buffer->at;
        if (part > size - done) part = size - done;
        memcpy(buffer->data + buffer->at, (const uchar*)data + done, part);
        buffer->at += part;
        done += part;
    }
    return buffer->failed ? -1 : size;
}

int Bputc(Biobuf* buffer, int byte) {
    if (buffer->at == buffer->room) Bflush(buffer);
    buffer->data[buffer->at++] = byte;
    return buffer->failed ? -1 : byte;
}

int Bputrune(Biobuf* buffer, long rune) {
    char text[UTFmax];
    const Rune whole = rune;
    return Bwrite(buffer, text, runetochar(text, &whole));
}

// The room of the Fmt is what the buffer has left.
static int give_room(Fmt* f) {
    Biobuf* buffer = f->farg;
    buffer->at = (uchar*)f->to - buffer->data;
    Bflush(buffer);
    f->to = buffer->data;
    f->stop = buffer->data + buffer->room;
    return !buffer->failed;
}

int Bvprint(Biobuf* buffer, const char* format, va_list args) {
    if (buffer->mode != OWRITE) return -1;
    Fmt f = {.start = buffer->data,
             .to = buffer->data + buffer->at,
             .stop = buffer->data + buffer->room,
             .flush = give_room,
             .farg = buffer};
    va_copy(f.args, args);
    const int count = dofmt(&f, format);
    va_end(f.args);
    buffer->at = (uchar*)f.to - buffer->data;
    return buffer->failed ? -1 : count;
}

int Bprint(Biobuf* buffer, const char* format, ...) {
    va_list args;
    va_start(args, format);
    const int count = Bvprint(buffer, format, args);
    va_end(args);
    return count;
}

int Bbuffered(Biobuf* buffer) {
    return buffer->mode == OREAD ? buffer->size - buffer->at : buffer->at;
}

int Bfildes(Biobuf* buffer) { return buffer->fid; }

vlong Bseek(Biobuf* buffer, vlong offset, int from) {
    if (buffer->mode == OWRITE) {
        if (Bflush(buffer) < 0) return -1;
    } else if (buffer->mode != OREAD) {
        return -1;
    } else if (from == SEEKHERE) {
        // The descriptor is further on than the reader.
        offset -= buffer->size - buffer->at;
    }
    const vlong now = seek(buffer->fid, offset, from);
    if (now < 0) return -1;
    buffer->at = buffer->size = buffer->line = buffer->rune = 0;
    buffer->offset = now;
    return now;
}
