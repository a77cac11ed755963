// Bytes as text: base 16, 32 and 64.
#include <libc.h>

typedef struct {
    const char* digits;
    int bits;   // that a digit has
    int group;  // digits that whole bytes fill
} Base;

static const Base k16 = {"0123456789ABCDEF", 4, 2};
static const Base k32 = {"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5, 8};
static const Base k64 = {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 6, 4};

// The last group is filled with =.
static int encode(const Base* base, char* text, int room, const uchar* bytes, int size) {
    const int bytes_of_group = base->group * base->bits / 8;
    const int groups = (size + bytes_of_group - 1) / bytes_of_group;
    if (groups * base->group >= room) return -1;
    char* at = text;
    uint pending = 0;
    int have = 0;
    for (int i = 0; i < size; ++i) {
        pending = pending << 8 | bytes[i];
        for (have += 8; have >= base->bits;) {
            have -= base->bits;
            *at++ = base->digits[pending >> have];
            pending &= (1u << have) - 1;
        }
    }
    if (have > 0) *at++ = base->digits[pending << (base->bits - have)];
    while ((at - text) % base->group != 0) *at++ = '=';
    *at = '\0';
    return at - text;
}

// Blanks do not count, and = is the end.
static int decode(const Base* base, uchar* bytes, int room, const char* text, int size) {
    uint pending = 0;
    int have = 0, count = 0;
    for (; size > 0 && *text != '=' && *text != '\0'; --size, ++text) {
        if (strchr(" \t\r\n", *text) != nil) continue;
        const char* digit = strchr(base->digits, base == &k64 ? *text : toupper((uchar)*text));
        if (digit == nil) return -1;
        pending = pending << base->bits | (digit - base->digits);
        have += base->bits;
        if (have < 8) continue;
        have -= 8;
        if (count == room) return -1;
        bytes[count++] = pending >> have;
        pending &= (1u << have) - 1;
    }
    return count;
}

int enc16(char* text, int room, const uchar* bytes, int size) {
    return encode(&k16, text, room, bytes, size);
}
int enc32(char* text, int room, const uchar* bytes, int size) {
    return encode(&k32, text, room, bytes, size);
}
int enc64(char* text, int room, const uchar* bytes, int size) {
    return encode(&k64, text, room, bytes, size);
}
int dec16(uchar* bytes, int room, const char* text, int size) {
    return decode(&k16, bytes, room, text, size);
}
int dec32(uchar* bytes, int room, const char* text, int size) {
    return decode(&k32, bytes, room, text, size);
}
int dec64(uchar* bytes, int room, const char* text, int size) {
    return decode(&k64, bytes, room, text, size);
}

int encodefmt(Fmt* f) {
    const uchar* bytes = va_arg(f->args, uchar*);
    const int size = f->flags & FmtPrec ? f->prec : 0;
    const int room = 2 * size + 16;
    char* text = malloc(room);
    if (text == nil) return -1;
    encode(f->r == '<' ? &k32 : f->r == '[' ? &k64 : &k16, text, room, bytes, size);
    // As the verb was written: small letters with l.
    for (char* at = text; f->flags & FmtLong && f->r != '[' && *at != '\0'; ++at) {
        *at = tolower((uchar)*at);
    }
    f->flags &= ~FmtPrec;
    const int result = fmtstrcpy(f, text);
    free(text);
    return result;
}
