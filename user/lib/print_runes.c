// Formatted text as runes.
#include <libc.h>

Rune* runevseprint(Rune* to, Rune* end, const char* format, va_list args) {
    if (to >= end) return to;
    char* text = vsmprint(format, args);
    const char* from = text != nil ? text : "";
    while (*from != '\0' && to < end - 1) from += chartorune(to++, from);
    *to = 0;
    free(text);
    return to;
}

Rune* runeseprint(Rune* buffer, Rune* end, const char* format, ...) {
    va_list args;
    va_start(args, format);
    Rune* at = runevseprint(buffer, end, format, args);
    va_end(args);
    return at;
}

int runevsnprint(Rune* buffer, int size, const char* format, va_list args) {
    return runevseprint(buffer, buffer + size, format, args) - buffer;
}

int runesnprint(Rune* buffer, int size, const char* format, ...) {
    va_list args;
    va_start(args, format);
    const int count = runevsnprint(buffer, size, format, args);
    va_end(args);
    return count;
}

int runesprint(Rune* buffer, const char* format, ...) {
    va_list args;
    va_start(args, format);
    const int count = runevsnprint(buffer, 1 << 28, format, args);
    va_end(args);
    return count;
}

Rune* runevsmprint(const char* format, va_list args) {
    char* text = vsmprint(format, args);
    if (text == nil) return nil;
    Rune* runes = malloc((utflen(text) + 1) * sizeof *runes);
    Rune* to = runes;
    for (const char* from = text; runes != nil && *from != '\0';) from += chartorune(to++, from);
    if (runes != nil) *to = 0;
    free(text);
    return runes;
}

Rune* runesmprint(const char* format, ...) {
    va_list args;
    va_start(args, format);
    Rune* runes = runevsmprint(format, args);
    va_end(args);
    return runes;
}
