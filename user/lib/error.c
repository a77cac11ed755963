// The error string of the last call that failed, and its end of a program.
#include <libc.h>

void rerrstr(char* buffer, uint size) {
    // errstr() swaps: take it out, then put a copy back.
    char text[ERRMAX];
    text[0] = '\0';
    errstr(text, sizeof text);
    strecpy(buffer, buffer + size, text);
    errstr(text, sizeof text);
}

void werrstr(const char* format, ...) {
    char text[ERRMAX];
    va_list args;
    va_start(args, format);
    vsnprint(text, sizeof text, format, args);
    va_end(args);
    errstr(text, sizeof text);
}

void sysfatal(const char* format, ...) {
    char text[2 * ERRMAX];
    va_list args;
    va_start(args, format);
    vsnprint(text, sizeof text, format, args);
    va_end(args);
    fprint(2, "%s: %s\n", argv0 != nil ? argv0 : "program", text);
    exits(text);
}

void abort(void) {
    // A trap, so that the process stays as Broken for whoever wants to look at it.
    for (;;) __builtin_trap();
}

void perror(const char* text) {
    if (text != nil && *text != '\0') fprint(2, "%s: ", text);
    fprint(2, "%r\n");
}

void _assert(const char* what) {
    fprint(2, "%s: assert failed: %s\n", argv0 != nil ? argv0 : "program", what);
    abort();
}
