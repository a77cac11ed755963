// memset, memcpy, memmove, memcmp, memchr: words where both sides allow it.
#include <libc.h>

// These read and write whatever lies there, whatever type it has.
typedef u64int __attribute__((may_alias)) Word;

void* memset(void* to, int byte, usize size) {
    uchar* at = to;
    uchar* const end = at + size;
    while (at < end && (uintptr)at % sizeof(Word) != 0) *at++ = byte;
    const Word word = (uchar)byte * 0x0101010101010101u;
    for (; (usize)(end - at) >= sizeof(Word); at += sizeof(Word)) *(Word*)at = word;
    while (at < end) *at++ = byte;
    return to;
}

// Whether words of both lie at word boundaries after the same number of bytes.
static int together(const void* a, const void* b) {
    return ((uintptr)a - (uintptr)b) % sizeof(Word) == 0;
}

static void copy_up(uchar* to, const uchar* from, usize size) {
    uchar* const end = to + size;
    if (together(to, from)) {
        while (to < end && (uintptr)to % sizeof(Word) != 0) *to++ = *from++;
        for (; (usize)(end - to) >= sizeof(Word); to += sizeof(Word), from += sizeof(Word)) {
            *(Word*)to = *(const Word*)from;
        }
    }
    while (to < end) *to++ = *from++;
}

static void copy_down(uchar* begin, const uchar* from, usize size) {
    uchar* to = begin + size;
    from += size;
    if (together(to, from)) {
        while (to > begin && (uintptr)to % sizeof(Word) != 0) *--to = *--from;
        while ((usize)(to - begin) >= sizeof(Word)) {
            to -= sizeof(Word);
            from -= sizeof(Word);
            *(Word*)to = *(const Word*)from;
        }
    }
    while (to > begin) *--to = *--from;
}

void* memcpy(void* to, const void* from, usize size) {
    copy_up(to, from, size);
    return to;
}

void* memmove(void* to, const void* from, usize size) {
    // One comparison: `to` within [from, from + size) is the case in which going up would overwrite
    // what is still to come.
    if ((uintptr)to - (uintptr)from < size) {
        copy_down(to, from, size);
    } else {
        copy_up(to, from, size);
    }
    return to;
}

int memcmp(const void* a, const void* b, usize size) {
    const uchar *x = a, *y = b;
    for (; size > 0; --size, ++x, ++y) {
        if (*x != *y) return *x - *y;
    }
    return 0;
}

void* memchr(const void* in, int byte, usize size) {
    const uchar* at = in;
    for (; size > 0; --size, ++at) {
        if (*at == (uchar)byte) return (void*)at;
    }
    return nil;
}
