// A file's mode as text.
#include <fcall.h>
#include <procyon.h>

char* dirmode(char buffer[12], ulong mode) {
    char* at = buffer;
    *at++ = mode & DMDIR ? 'd' : mode & DMAPPEND ? 'a' : '-';
    *at++ = mode & DMEXCL ? 'l' : '-';
    for (int shift = 6; shift >= 0; shift -= 3) {
        const uint bits = mode >> shift;
        *at++ = bits & DMREAD ? 'r' : '-';
        *at++ = bits & DMWRITE ? 'w' : '-';
        *at++ = bits & DMEXEC ? 'x' : '-';
    }
    *at = '\0';
    return buffer;
}

int dirmodefmt(Fmt* f) {
    char text[12];
    return fmtstrcpy(f, dirmode(text, va_arg(f->args, ulong)));
}
