// Reads and writes of several pieces of memory as one.
#include <libc.h>

static long size_of(const IOchunk* chunks, int count) {
    long size = 0;
    for (int i = 0; i < count; ++i) size += chunks[i].len;
    return size;
}

long preadv(int fd, IOchunk* chunks, int count, vlong offset) {
    const long size = size_of(chunks, count);
    uchar* data = malloc(size);
    if (data == nil) return -1;
    const long got = pread(fd, data, size, offset);
    const uchar* from = data;
    for (long left = got; left > 0; ++chunks) {
        const long part = left < (long)chunks->len ? left : (long)chunks->len;
        memmove(chunks->addr, from, part);
        from += part;
        left -= part;
    }
    free(data);
    return got;
}

long pwritev(int fd, IOchunk* chunks, int count, vlong offset) {
    const long size = size_of(chunks, count);
    uchar* data = malloc(size);
    if (data == nil) return -1;
    uchar* to = data;
    for (int i = 0; i < count; ++i) {
        memmove(to, chunks[i].addr, chunks[i].len);
        to += chunks[i].len;
    }
    const long done = pwrite(fd, data, size, offset);
    free(data);
    return done;
}

long readv(int fd, IOchunk* chunks, int count) { return preadv(fd, chunks, count, -1); }
long writev(int fd, IOchunk* chunks, int count) { return pwritev(fd, chunks, count, -1); }
