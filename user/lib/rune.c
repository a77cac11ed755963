// UTF-8: one rune is 1 to 4 bytes. Wrong bytes are Runeerror, one each.
#include <libc.h>

enum { kSurrogates = 0xD800, kSurrogatesEnd = 0xE000 };

// How many bytes a rune has that begins with `first`; 0: none does.
static int size_by_first(uchar first) {
    if (first < 0x80) return 1;
    if (first < 0xC2) return 0;  // a later byte, or one that could only begin an overlong form
    if (first < 0xE0) return 2;
    if (first < 0xF0) return 3;
    return first < 0xF5 ? 4 : 0;
}

int fullrune(const char* text, int size) {
    if (size <= 0) return 0;
    int need = size_by_first(*text);
    for (int i = 1; i < need && i < size; ++i) {
        if (((uchar)text[i] & 0xC0) != 0x80) return 1;  // wrong, and known to be
    }
    return size >= need;
}

int chartorune(Rune* rune, const char* text) {
    const uchar first = *text;
    const int size = size_by_first(first);
    *rune = Runeerror;
    if (size == 0) return 1;
    if (size == 1) {
        *rune = first;
        return 1;
    }
    Rune value = first & (0x7F >> size);
    for (int i = 1; i < size; ++i) {
        if (((uchar)text[i] & 0xC0) != 0x80) return 1;
        value = value << 6 | ((uchar)text[i] & 0x3F);
    }
    const int surrogate = value >= kSurrogates && value < kSurrogatesEnd;
    if (surrogate || value > Runemax || runelen(value) != size) return 1;
    *rune = value;
    return size;
}

int runelen(Rune rune) {
    if (rune < 0x80) return 1;
    if (rune < 0x800) return 2;
    return rune < 0x10000 || rune > Runemax ? 3 : 4;  // what is no rune is written as Runeerror
}

int runetochar(char* text, const Rune* from) {
    Rune rune = *from;
    if (rune > Runemax || (rune >= kSurrogates && rune < kSurrogatesEnd)) rune = Runeerror;
    const int size = runelen(rune);
    if (size == 1) {
        *text = rune;
        return 1;
    }
    for (int i = size - 1; i > 0; --i, rune >>= 6) text[i] = 0x80 | (rune & 0x3F);
    *text = (0xF00 >> size) | rune;
    return size;
}

int utflen(const char* text) {
    int count = 0;
    for (Rune rune; *text != '\0'; ++count) text += chartorune(&rune, text);
    return count;
}

char* utfrune(const char* text, Rune wanted) {
    for (Rune rune; *text != '\0';) {
        const int size = chartorune(&rune, text);
        if (rune == wanted) return (char*)text;
        text += size;
    }
    return wanted == 0 ? (char*)text : nil;
}

int runenlen(const Rune* runes, int count) {
    int size = 0;
    for (; count > 0; --count) size += runelen(*runes++);
    return size;
}

int utfnlen(const char* text, long size) {
    int count = 0;
    for (Rune rune; size > 0 && *text != '\0' && fullrune(text, size); ++count) {
        const int part = chartorune(&rune, text);
        text += part;
        size -= part;
    }
    return count;
}

char* utfrrune(const char* text, Rune wanted) {
    char* found = nil;
    for (Rune rune; *text != '\0';) {
        const int size = chartorune(&rune, text);
        if (rune == wanted) found = (char*)text;
        text += size;
    }
    return wanted == 0 ? (char*)text : found;
}

char* utfutf(const char* text, const char* part) {
    // A rune's bytes are no part of another's.
    return strstr(text, part);
}

char* utfecpy(char* to, char* end, const char* from) {
    if (to >= end) return to;
    for (Rune rune; *from != '\0';) {
        const int size = chartorune(&rune, from);
        if (size >= end - to) break;
        for (int i = 0; i < size; ++i) *to++ = *from++;
    }
    *to = '\0';
    return to;
}
