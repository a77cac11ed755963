// Texts of runes, which end with a rune of 0.
#include <libc.h>

long runestrlen(const Rune* text) {
    const Rune* end = text;
    while (*end != 0) ++end;
    return end - text;
}

Rune* runestrncpy(Rune* to, const Rune* from, long size) {
    long i = 0;
    for (; i < size && from[i] != 0; ++i) to[i] = from[i];
    for (; i < size; ++i) to[i] = 0;
    return to;
}

Rune* runestrcpy(Rune* to, const Rune* from) {
    return memmove(to, from, (runestrlen(from) + 1) * sizeof *to);
}

Rune* runestrecpy(Rune* to, Rune* end, const Rune* from) {
    if (to >= end) return to;
    while (to < end - 1 && *from != 0) *to++ = *from++;
    *to = 0;
    return to;
}

Rune* runestrcat(Rune* to, const Rune* from) {
    runestrcpy(to + runestrlen(to), from);
    return to;
}

Rune* runestrncat(Rune* to, const Rune* from, long size) {
    Rune* at = to + runestrlen(to);
    for (; size > 0 && *from != 0; --size) *at++ = *from++;
    *at = 0;
    return to;
}

int runestrcmp(const Rune* a, const Rune* b) {
    while (*a != 0 && *a == *b) ++a, ++b;
    return *a < *b ? -1 : *a > *b;
}

int runestrncmp(const Rune* a, const Rune* b, long size) {
    for (; size > 0; --size, ++a, ++b) {
        if (*a != *b) return *a < *b ? -1 : 1;
        if (*a == 0) break;
    }
    return 0;
}

Rune* runestrchr(const Rune* text, Rune wanted) {
    for (;; ++text) {
        if (*text == wanted) return (Rune*)text;
        if (*text == 0) return nil;
    }
}

Rune* runestrrchr(const Rune* text, Rune wanted) {
    Rune* found = nil;
    for (;; ++text) {
        if (*text == wanted) found = (Rune*)text;
        if (*text == 0) return found;
    }
}

Rune* runestrstr(const Rune* in, const Rune* text) {
    const long size = runestrlen(text);
    for (;; ++in) {
        if (runestrncmp(in, text, size) == 0) return (Rune*)in;
        if (*in == 0) return nil;
    }
}

Rune* runestrdup(const Rune* text) {
    Rune* copy = malloc((runestrlen(text) + 1) * sizeof *copy);
    return copy != nil ? runestrcpy(copy, text) : nil;
}
