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

static void forget(const Biobuf* buffer) {
    for (Biobuf** link = &to_flush; *link != nil; link = &(*link)->next) {
        if (*link == buffer) {
            *link = buffer->next;
            return;
        }
    }
}

void Binit(Biobuf* buffer, int fd, int mode) {
    static int registered;
    buffer->fd = fd;
    buffer->mode = mode;
    buffer->failed = 0;
    buffer->at = buffer->size = buffer->line = 0;
    buffer->offset = 0;
    buffer->next = nil;
    if (mode != OWRITE) return;
    if (!registered) registered = atexit(flush_all);
    buffer->next = to_flush;
    to_flush = buffer;
}

Biobuf* Bopen(const char* name, int mode) {
    const int fd = mode == OWRITE ? create(name, OWRITE, 0666) : open(name, mode);
    if (fd < 0) return nil;
    Biobuf* buffer = malloc(sizeof *buffer);
    if (buffer == nil) {
        close(fd);
        return nil;
    }
    Binit(buffer, fd, mode);
    return buffer;
}

int Bterm(Biobuf* buffer) {
    const int result = buffer->mode == OWRITE ? Bflush(buffer) : 0;
    forget(buffer);
    close(buffer->fd);
    buffer->mode = -1;
    free(buffer);
    return result;
}

int Bflush(Biobuf* buffer) {
    if (buffer->mode != OWRITE) return 0;
    uint done = 0;
    while (!buffer->failed && done < buffer->at) {
        const long size = write(buffer->fd, buffer->data + done, buffer->at - done);
        if (size <= 0)
            buffer->failed = 1;
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
    // One byte stays before `at`, for Bungetc().
    const uint keep = buffer->at > 0 ? buffer->at - 1 : 0;
    if (keep > 0) {
        memmove(buffer->data, buffer->data + keep, buffer->size - keep);
        buffer->at -= keep;
        buffer->size -= keep;
        buffer->offset += keep;
    }
    const long got = read(buffer->fd, buffer->data + buffer->size, Bsize - buffer->size);
    if (got < 0) buffer->failed = 1;
    if (got <= 0) return 0;
    buffer->size += got;
    return 1;
}

int Bgetc(Biobuf* buffer) {
    if (buffer->at == buffer->size && !fill(buffer)) return Beof;
    return buffer->data[buffer->at++];
}

int Bungetc(Biobuf* buffer) {
    if (buffer->at == 0) return Beof;
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
    buffer->at += chartorune(&rune, text);
    return rune;
}

char* Brdline(Biobuf* buffer, int delimiter) {
    uint looked_at = 0;
    buffer->line = 0;
    for (;;) {
        uchar* const begin = buffer->data + buffer->at;
        const uint have = buffer->size - buffer->at;
        uchar* const end = memchr(begin + looked_at, delimiter, have - looked_at);
        if (end != nil) {
            buffer->line = end - begin + 1;
            buffer->at += buffer->line;
            return (char*)begin;
        }
        looked_at = have;
        if (have >= Bsize - 1) {
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
        if (buffer->at == Bsize) Bflush(buffer);
        long part = Bsize - buffer->at;
        if (part > size - done) part = size - done;
        memcpy(buffer->data + buffer->at, (const uchar*)data + done, part);
        buffer->at += part;
        done += part;
    }
    return buffer->failed ? -1 : size;
}

int Bputc(Biobuf* buffer, int byte) {
    if (buffer->at == Bsize) Bflush(buffer);
    buffer->data[buffer->at++] = byte;
    return buffer->failed ? -1 : byte;
}

int Bputrune(Biobuf* buffer, long rune) {
    char text[UTFmax];
    const Rune whole = rune;
    return Bwrite(buffer, text, runetochar(text, &whole));
}

static void put(Fmt* out, const char* text, usize size) { Bwrite(out->to, text, size); }

int Bprint(Biobuf* buffer, const char* format, ...) {
    Fmt out = {put, buffer, 0};
    va_list args;
    va_start(args, format);
    fmt_vprint(&out, format, args);
    va_end(args);
    return buffer->failed ? -1 : (int)out.count;
}
