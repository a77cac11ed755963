// Memory, or the end of the program.
#include <procyon.h>

void* emalloc(usize size) {
    void* bytes = malloc(size);
    if (bytes == nil) sysfatal("out of memory");
    return bytes;
}

void* erealloc(void* old, usize size) {
    void* bytes = realloc(old, size);
    if (bytes == nil) sysfatal("out of memory");
    return bytes;
}

char* estrdup(const char* text) { return strcpy(emalloc(strlen(text) + 1), text); }
