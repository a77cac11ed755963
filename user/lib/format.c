// Formatted text: the verbs of print().
#include <libc.h>

// What stands between % and its verb.
typedef struct {
    int left, plus, blank, sharp, zero, comma, is_unsigned;
    int longs, shorts, size_type;
    int width, precision;  // -1: not given
} Spec;

enum { kDigits = 64 + 64 / 3 + 1, kPad = 32 };

static void put(Fmt* out, const char* text, usize size) {
    if (size == 0) return;
    out->put(out, text, size);
    out->count += size;
}

static void pad(Fmt* out, int count, char with) {
    char run[kPad];
    memset(run, with, sizeof run);
    for (; count > 0; count -= kPad) put(out, run, count < kPad ? count : kPad);
}

// `size` bytes, `shown` of which take a column, in the field's width.
static void put_field(Fmt* out, const Spec* spec, const char* text, usize size, int shown) {
    if (!spec->left) pad(out, spec->width - shown, ' ');
    put(out, text, size);
    if (spec->left) pad(out, spec->width - shown, ' ');
}

static void put_text(Fmt* out, const Spec* spec, const char* text) {
    if (text == nil) text = "<nil>";
    int shown = 0;
    const char* end = text;
    // Precision counts runes, and nothing beyond it is looked at: the text need not end.
    for (; (spec->precision < 0 || shown < spec->precision) && *end != '\0'; ++shown) {
        Rune rune;
        end += chartorune(&rune, end);
    }
    put_field(out, spec, text, end - text, shown);
}

static void put_rune(Fmt* out, const Spec* spec, Rune rune) {
    char text[UTFmax];
    put_field(out, spec, text, runetochar(text, &rune), 1);
}

// The bytes of `text` quoted for rc, or, if `to` is nil, how many that are.
static usize quote(const char* text, char* to) {
    usize size = 0;
    char sink;
#define ADD(byte) (*(to != nil ? to + size : &sink) = (byte), ++size)
    ADD('\'');
    for (; *text != '\0'; ++text) {
        if (*text == '\'') ADD('\'');
        ADD(*text);
    }
    ADD('\'');
#undef ADD
    return size;
}

static void put_quoted(Fmt* out, const Spec* spec, const char* text) {
    if (text == nil || (!spec->sharp && !needsrcquote(text))) {
        put_text(out, spec, text);
        return;
    }
    const usize size = quote(text, nil);
    char* quoted = malloc(size + 1);
    if (quoted == nil) {
        put_text(out, spec, text);
        return;
    }
    quote(text, quoted);
    quoted[size] = '\0';
    put_text(out, spec, quoted);
    free(quoted);
}

static void put_number(Fmt* out, const Spec* spec, uvlong value, int negative, uint base,
                       int upper) {
    char digits[kDigits];
    char* at = digits + sizeof digits;
    int count = 0;
    for (uvlong rest = value; rest != 0; rest /= base) {
        if (spec->comma && count > 0 && count % 3 == 0) *--at = ',';
        *--at = (upper ? "0123456789ABCDEF" : "0123456789abcdef")[rest % base];
        ++count;
    }
    if (value == 0 && spec->precision != 0) *--at = '0', ++count;
    char prefix[3];
    int before = 0;
    if (negative) {
        prefix[before++] = '-';
    } else if (spec->plus || spec->blank) {
        prefix[before++] = spec->plus ? '+' : ' ';
    }
    if (spec->sharp && base == 16) {
        prefix[before++] = '0';
        prefix[before++] = upper ? 'X' : 'x';
    } else if (spec->sharp && base == 8 && (count == 0 || *at != '0')) {
        prefix[before++] = '0';
    }
    const int size = digits + sizeof digits - at;
    int zeros = spec->precision > count ? spec->precision - count : 0;
    if (spec->zero && !spec->left && spec->precision < 0 && spec->width > before + size) {
        zeros = spec->width - before - size;
    }
    const int blanks = spec->width - before - zeros - size;
    if (!spec->left) pad(out, blanks, ' ');
    put(out, prefix, before);
    pad(out, zeros, '0');
    put(out, at, size);
    if (spec->left) pad(out, blanks, ' ');
}

// The next argument as its size says. l is C's long, and ul the ulong of u.h, which has 32 bits.
static uvlong take_number(const Spec* spec, va_list* args) {
    if (spec->longs >= 2) return va_arg(*args, vlong);
    if (spec->size_type) return va_arg(*args, usize);
    if (spec->longs == 1 && !spec->is_unsigned) return va_arg(*args, long);
    const int value = va_arg(*args, int);
    if (spec->shorts >= 2)
        return spec->is_unsigned ? (uvlong)(uchar)value : (uvlong)(vlong)(signed char)value;
    if (spec->shorts == 1)
        return spec->is_unsigned ? (uvlong)(ushort)value : (uvlong)(vlong)(short)value;
    return spec->is_unsigned ? (uvlong)(uint)value : (uvlong)(vlong)value;
}

static void put_integer(Fmt* out, Spec* spec, va_list* args, int verb) {
    // Bases other than ten show bits, not values.
    if (verb != 'd' && verb != 'i') spec->is_unsigned = 1;
    const uvlong value = take_number(spec, args);
    const int negative = !spec->is_unsigned && (vlong)value < 0;
    const uint base = verb == 'o' ? 8 : verb == 'b' ? 2 : verb == 'x' || verb == 'X' ? 16 : 10;
    put_number(out, spec, negative ? -value : value, negative, base, verb == 'X');
}

static const char* scan_count(const char* at, va_list* args, int* count) {
    if (*at == '*') {
        *count = va_arg(*args, int);
        return at + 1;
    }
    *count = 0;
    for (; isdigit(*at); ++at) *count = *count * 10 + *at - '0';
    return at;
}

// Reads flags, width and precision. Returns where the verb is. `u` is a flag and may also be a
// verb.
static const char* scan_spec(const char* at, va_list* args, Spec* spec) {
    *spec = (Spec){.width = 0, .precision = -1};
    for (;; ++at) {
        switch (*at) {
            case '-':
                spec->left = 1;
                break;
            case '+':
                spec->plus = 1;
                break;
            case ' ':
                spec->blank = 1;
                break;
            case '#':
                spec->sharp = 1;
                break;
            case ',':
                spec->comma = 1;
                break;
            case 'u':
                spec->is_unsigned = 1;
                break;
            case 'l':
                ++spec->longs;
                break;
            case 'h':
                ++spec->shorts;
                break;
            case 'z':
                spec->size_type = 1;
                break;
            case '0':
                spec->zero = 1;
                break;
            case '.':
                at = scan_count(at + 1, args, &spec->precision) - 1;
                break;
            case '*':
            case '1' ... '9':
                at = scan_count(at, args, &spec->width) - 1;
                if (spec->width < 0) spec->left = 1, spec->width = -spec->width;
                break;
            default:
                return at;
        }
    }
}

static void put_verb(Fmt* out, Spec* spec, va_list* args, int verb) {
    switch (verb) {
        case 'd':
        case 'i':
        case 'o':
        case 'b':
        case 'x':
        case 'X':
            put_integer(out, spec, args, verb);
            break;
        case 'p':
            spec->sharp = 1;
            put_number(out, spec, (uintptr)va_arg(*args, void*), 0, 16, 0);
            break;
        case 's':
            put_text(out, spec, va_arg(*args, char*));
            break;
        case 'q':
            put_quoted(out, spec, va_arg(*args, char*));
            break;
        case 'c':
        case 'C':
            put_rune(out, spec, va_arg(*args, Rune));
            break;
        case 'r': {
            char error[ERRMAX];
            rerrstr(error, sizeof error);
            put_text(out, spec, error);
            break;
        }
        case '%':
            put(out, "%", 1);
            break;
        default: {
            // A mistake in the program, shown where it is.
            char wrong[] = {'%', verb, '%'};
            put(out, wrong, sizeof wrong);
        }
    }
}

void fmt_vprint(Fmt* out, const char* format, va_list given) {
    va_list args;
    va_copy(args, given);
    while (*format != '\0') {
        const char* end = format;
        while (*end != '\0' && *end != '%') ++end;
        put(out, format, end - format);
        if (*end == '\0') break;
        Spec spec;
        format = scan_spec(end + 1, &args, &spec);
        if (*format == '\0') {
            put(out, "%", 1);
            break;
        }
        put_verb(out, &spec, &args, *format++);
    }
    va_end(args);
}
