// Texts that end with a NUL.
#include <libc.h>

usize strlen(const char* text) {
    const char* end = text;
    while (*end != '\0') ++end;
    return end - text;
}

int strcmp(const char* a, const char* b) {
    while (*a != '\0' && *a == *b) ++a, ++b;
    return (uchar)*a - (uchar)*b;
}

int strncmp(const char* a, const char* b, usize size) {
    for (; size > 0; --size, ++a, ++b) {
        if (*a != *b || *a == '\0') return (uchar)*a - (uchar)*b;
    }
    return 0;
}

int cistrcmp(const char* a, const char* b) {
    while (*a != '\0' && tolower((uchar)*a) == tolower((uchar)*b)) ++a, ++b;
    return tolower((uchar)*a) - tolower((uchar)*b);
}

char* strcpy(char* to, const char* from) {
    memmove(to, from, strlen(from) + 1);
    return to;
}

char* strncpy(char* to, const char* from, usize size) {
    usize i = 0;
    for (; i < size && from[i] != '\0'; ++i) to[i] = from[i];
    for (; i < size; ++i) to[i] = '\0';
    return to;
}

char* strcat(char* to, const char* from) {
    strcpy(to + strlen(to), from);
    return to;
}

char* strecpy(char* to, char* end, const char* from) {
    if (to >= end) return to;
    while (to < end - 1 && *from != '\0') *to++ = *from++;
    *to = '\0';
    return to;
}

char* strchr(const char* text, int byte) {
    for (;; ++text) {
        if (*text == (char)byte) return (char*)text;
        if (*text == '\0') return nil;
    }
}

char* strrchr(const char* text, int byte) {
    char* found = nil;
    for (;; ++text) {
        if (*text == (char)byte) found = (char*)text;
        if (*text == '\0') return found;
    }
}

char* strstr(const char* in, const char* text) {
    const usize size = strlen(text);
    for (;; ++in) {
        if (strncmp(in, text, size) == 0) return (char*)in;
        if (*in == '\0') return nil;
    }
}

char* strdup(const char* text) {
    const usize size = strlen(text) + 1;
    char* copy = malloc(size);
    return copy != nil ? memcpy(copy, text, size) : nil;
}
