// Kinds of ASCII characters.
#ifndef PROCYON_CTYPE_H
#define PROCYON_CTYPE_H

static inline int isascii(int c) { return c >= 0 && c < 0x80; }
static inline int isdigit(int c) { return c >= '0' && c <= '9'; }
static inline int isupper(int c) { return c >= 'A' && c <= 'Z'; }
static inline int islower(int c) { return c >= 'a' && c <= 'z'; }
static inline int isalpha(int c) { return isupper(c) || islower(c); }
static inline int isalnum(int c) { return isalpha(c) || isdigit(c); }
static inline int isxdigit(int c) {
    return isdigit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}
static inline int isspace(int c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static inline int isgraph(int c) { return c > ' ' && c < 0x7f; }
static inline int isprint(int c) { return c == ' ' || isgraph(c); }
static inline int ispunct(int c) { return isgraph(c) && !isalnum(c); }
static inline int iscntrl(int c) { return (c >= 0 && c < ' ') || c == 0x7f; }
static inline int toascii(int c) { return c & 0x7f; }
/* Of what is a letter of the other case. */
static inline int _tolower(int c) { return c - 'A' + 'a'; }
static inline int _toupper(int c) { return c - 'a' + 'A'; }
int tolower(int);
int toupper(int);

#endif
