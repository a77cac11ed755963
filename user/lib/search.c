// Looking for characters in texts, and texts of a length.
#include <libc.h>

usize strspn(const char* text, const char* of) {
    const char* at = text;
    while (*at != '\0' && strchr(of, *at) != nil) ++at;
    return at - text;
}

usize strcspn(const char* text, const char* none_of) {
    const char* at = text;
    while (*at != '\0' && strchr(none_of, *at) == nil) ++at;
    return at - text;
}

char* strpbrk(const char* text, const char* any) {
    text += strcspn(text, any);
    return *text != '\0' ? (char*)text : nil;
}

char* strtok(char* text, const char* delimiters) {
    static char* rest;
    if (text == nil) text = rest;
    if (text == nil) return nil;
    text += strspn(text, delimiters);
    if (*text == '\0') return rest = nil;
    char* end = text + strcspn(text, delimiters);
    rest = *end != '\0' ? end + 1 : nil;
    *end = '\0';
    return text;
}

char* strncat(char* to, const char* from, usize size) {
    char* at = to + strlen(to);
    for (; size > 0 && *from != '\0'; --size) *at++ = *from++;
    *at = '\0';
    return to;
}

int cistrncmp(const char* a, const char* b, int size) {
    for (; size > 0; --size, ++a, ++b) {
        const int difference = tolower((uchar)*a) - tolower((uchar)*b);
        if (difference != 0 || *a == '\0') return difference;
    }
    return 0;
}

char* cistrstr(const char* in, const char* text) {
    const int size = strlen(text);
    for (;; ++in) {
        if (cistrncmp(in, text, size) == 0) return (char*)in;
        if (*in == '\0') return nil;
    }
}

void* memccpy(void* to, const void* from, int last, usize size) {
    const uchar* end = memchr(from, last, size);
    memmove(to, from, end != nil ? (usize)(end - (const uchar*)from) + 1 : size);
    return end != nil ? (uchar*)to + (end - (const uchar*)from) + 1 : nil;
}
