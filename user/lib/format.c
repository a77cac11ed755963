// Formatted text: the verbs of print().
#include <ctype.h>
#include <libc.h>

enum { kDigits = 64 + 64 / 3 + 1, kPad = 32, kInstalled = 32 };

// Verbs of the program's own, the last one of a character counting.
static struct {
    int verb;
    int (*function)(Fmt*);
} installed[kInstalled];
static uint installed_count;

int (*doquote)(int c);

// The verbs of floating point are their own file. A program that never needs them may define the
// symbol as 0 when it is linked, and is smaller then.
int _float_verb(Fmt*);

int fmtinstall(int verb, int (*function)(Fmt*)) {
    uint i = 0;
    while (i < installed_count && installed[i].verb != verb) ++i;
    if (i == kInstalled) return -1;
    installed[i].verb = verb;
    installed[i].function = function;
    if (i == installed_count) ++installed_count;
    return 0;
}

// All of it goes through here. Without a flush() what does not fit is dropped, and counted.
static int put(Fmt* f, const char* text, usize size) {
    f->nfmt += size;
    while (size > 0) {
        usize room = (char*)f->stop - (char*)f->to;
        if (room == 0) {
            if (f->flush == nil) return 0;
            if (!f->flush(f)) return -1;
            continue;
        }
        if (room > size) room = size;
        memmove(f->to, text, room);
        f->to = (char*)f->to + room;
        text += room;
        size -= room;
    }
    return 0;
}

static int pad(Fmt* f, int count, char with) {
    char run[kPad];
    memset(run, with, sizeof run);
    for (; count > 0; count -= kPad) {
        if (put(f, run, count < kPad ? count : kPad) < 0) return -1;
    }
    return 0;
}

// `size` bytes, `shown` of which take a column, in the field's width.
static int put_field(Fmt* f, const char* text, usize size, int shown) {
    const int blanks = f->flags & FmtWidth ? f->width - shown : 0;
    if (!(f->flags & FmtLeft) && pad(f, blanks, ' ') < 0) return -1;
    if (put(f, text, size) < 0) return -1;
    return f->flags & FmtLeft ? pad(f, blanks, ' ') : 0;
}

int fmtstrcpy(Fmt* f, const char* text) {
    if (text == nil) text = "<nil>";
    int shown = 0;
    const char* end = text;
    // Precision counts runes, and nothing beyond it is looked at: the text need not end.
    for (; (!(f->flags & FmtPrec) || shown < f->prec) && *end != '\0'; ++shown) {
        Rune rune;
        end += chartorune(&rune, end);
    }
    return put_field(f, text, end - text, shown);
}

// Runes as UTF-8, at most as many as the precision says. malloc'ed.
static char* text_of(const Fmt* f, const Rune* runes) {
    int count = 0;
    while ((!(f->flags & FmtPrec) || count < f->prec) && runes[count] != 0) ++count;
    char* text = malloc(runenlen(runes, count) + 1);
    if (text == nil) return nil;
    char* at = text;
    for (int i = 0; i < count; ++i) at += runetochar(at, &runes[i]);
    *at = '\0';
    return text;
}

int fmtrunestrcpy(Fmt* f, const Rune* runes) {
    if (runes == nil) return fmtstrcpy(f, nil);
    char* text = text_of(f, runes);
    if (text == nil) return -1;
    const int result = fmtstrcpy(f, text);
    free(text);
    return result;
}

static int put_rune(Fmt* f, Rune rune) {
    char text[UTFmax];
    return put_field(f, text, runetochar(text, &rune), 1);
}

int fmtrune(Fmt* f, int rune) {
    char text[UTFmax];
    const Rune whole = rune;
    return put(f, text, runetochar(text, &whole));
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

static int needs_quotes(const char* word) {
    if (*word == '\0') return 1;
    for (Rune rune; *word != '\0';) {
        word += chartorune(&rune, word);
        if (needsrcquote(rune) || (doquote != nil && doquote(rune))) return 1;
    }
    return 0;
}

static int put_quoted(Fmt* f, const char* text) {
    if (text == nil || (!(f->flags & FmtSharp) && !needs_quotes(text))) return fmtstrcpy(f, text);
    const usize size = quote(text, nil);
    char* quoted = malloc(size + 1);
    if (quoted == nil) return fmtstrcpy(f, text);
    quote(text, quoted);
    quoted[size] = '\0';
    const int result = fmtstrcpy(f, quoted);
    free(quoted);
    return result;
}

int quotestrfmt(Fmt* f) { return put_quoted(f, va_arg(f->args, char*)); }

int quoterunestrfmt(Fmt* f) {
    const Rune* runes = va_arg(f->args, Rune*);
    if (runes == nil) return fmtstrcpy(f, nil);
    char* text = text_of(f, runes);
    if (text == nil) return -1;
    const int result = put_quoted(f, text);
    free(text);
    return result;
}

int errfmt(Fmt* f) {
    char error[ERRMAX];
    rerrstr(error, sizeof error);
    return fmtstrcpy(f, error);
}

static int put_number(Fmt* f, uvlong value, int negative, uint base, int upper) {
    char digits[kDigits];
    char* at = digits + sizeof digits;
    const int precision = f->flags & FmtPrec ? f->prec : -1;
    const int width = f->flags & FmtWidth ? f->width : 0;
    int count = 0;
    for (uvlong rest = value; rest != 0; rest /= base) {
        if (f->flags & FmtComma && count > 0 && count % 3 == 0) *--at = ',';
        *--at = (upper ? "0123456789ABCDEF" : "0123456789abcdef")[rest % base];
        ++count;
    }
    if (value == 0 && precision != 0) *--at = '0', ++count;
    char prefix[3];
    int before = 0;
    if (negative) {
        prefix[before++] = '-';
    } else if (f->flags & (FmtSign | FmtSpace)) {
        prefix[before++] = f->flags & FmtSign ? '+' : ' ';
    }
    if (f->flags & FmtSharp && base == 16) {
        prefix[before++] = '0';
        prefix[before++] = upper ? 'X' : 'x';
    } else if (f->flags & FmtSharp && base == 8 && (count == 0 || *at != '0')) {
        prefix[before++] = '0';
    }
    const int size = digits + sizeof digits - at;
    int zeros = precision > count ? precision - count : 0;
    if (f->flags & FmtZero && !(f->flags & FmtLeft) && precision < 0 && width > before + size) {
        zeros = width - before - size;
    }
    const int blanks = width - before - zeros - size;
    if (!(f->flags & FmtLeft) && pad(f, blanks, ' ') < 0) return -1;
    if (put(f, prefix, before) < 0 || pad(f, zeros, '0') < 0 || put(f, at, size) < 0) return -1;
    return f->flags & FmtLeft ? pad(f, blanks, ' ') : 0;
}

// The next argument as its size says. l is C's long, and ul the ulong of u.h, which has 32 bits.
static uvlong take_number(Fmt* f) {
    const int is_unsigned = (f->flags & FmtUnsigned) != 0;
    if (f->flags & FmtVLong) return va_arg(f->args, vlong);
    if (f->flags & FmtLong && !is_unsigned) return va_arg(f->args, long);
    const int value = va_arg(f->args, int);
    if (f->flags & FmtByte) return is_unsigned ? (uvlong)(uchar)value : (uvlong)(schar)value;
    if (f->flags & FmtShort) return is_unsigned ? (uvlong)(ushort)value : (uvlong)(short)value;
    return is_unsigned ? (uvlong)(uint)value : (uvlong)(vlong)value;
}

static int put_integer(Fmt* f, int verb) {
    // Bases other than ten show bits, not values.
    if (verb != 'd' && verb != 'i') f->flags |= FmtUnsigned;
    const uvlong value = take_number(f);
    const int negative = !(f->flags & FmtUnsigned) && (vlong)value < 0;
    const uint base = verb == 'o' ? 8 : verb == 'b' ? 2 : verb == 'x' || verb == 'X' ? 16 : 10;
    return put_number(f, negative ? -value : value, negative, base, verb == 'X');
}

static int put_float(Fmt* f) {
    int (*function)(Fmt*) = _float_verb;
    // The compiler takes it that a function has an address; this one may have none.
    __asm__("" : "+r"(function));
    return function != nil ? function(f) : put(f, "%", 1);
}

static const char* scan_count(const char* at, Fmt* f, int* count) {
    if (*at == '*') {
        *count = va_arg(f->args, int);
        return at + 1;
    }
    *count = 0;
    for (; isdigit(*at); ++at) *count = *count * 10 + *at - '0';
    return at;
}

// Reads flags, width and precision. Returns where the verb is. `u` is a flag, and no verb.
static const char* scan_spec(const char* at, Fmt* f) {
    f->flags = 0;
    f->width = f->prec = 0;
    for (;; ++at) {
        switch (*at) {
            case '-':
                f->flags |= FmtLeft;
                break;
            case '+':
                f->flags |= FmtSign;
                break;
            case ' ':
                f->flags |= FmtSpace;
                break;
            case '#':
                f->flags |= FmtSharp;
                break;
            case ',':
                f->flags |= FmtComma;
                break;
            case 'u':
                f->flags |= FmtUnsigned;
                break;
            case 'l':
                f->flags |= f->flags & FmtLong ? FmtVLong : FmtLong;
                break;
            case 'h':
                f->flags |= f->flags & FmtShort ? FmtByte : FmtShort;
                break;
            case 'z':
                f->flags |= FmtVLong;  // what has the size of a pointer
                break;
            case '0':
                f->flags |= FmtZero;
                break;
            case '.':
                at = scan_count(at + 1, f, &f->prec) - 1;
                if (f->prec >= 0) f->flags |= FmtPrec;
                break;
            case '*':
            case '1' ... '9':
                at = scan_count(at, f, &f->width) - 1;
                f->flags |= FmtWidth;
                if (f->width < 0) f->flags |= FmtLeft, f->width = -f->width;
                break;
            default:
                return at;
        }
    }
}

static int put_verb(Fmt* f, int verb) {
    for (uint i = 0; i < installed_count; ++i) {
        if (installed[i].verb == verb) return installed[i].function(f);
    }
    switch (verb) {
        case 'd':
        case 'i':
        case 'o':
        case 'b':
        case 'x':
        case 'X':
            return put_integer(f, verb);
        case 'e':
        case 'E':
        case 'f':
        case 'F':
        case 'g':
        case 'G':
            return put_float(f);
        case 'p':
            f->flags |= FmtSharp;
            return put_number(f, (uintptr)va_arg(f->args, void*), 0, 16, 0);
        case 's':
            return fmtstrcpy(f, va_arg(f->args, char*));
        case 'S':
            return fmtrunestrcpy(f, va_arg(f->args, Rune*));
        case 'q':
            return quotestrfmt(f);
        case 'Q':
            return quoterunestrfmt(f);
        case 'c':
        case 'C':
            return put_rune(f, va_arg(f->args, Rune));
        case 'r':
            return errfmt(f);
        case 'n':
            *va_arg(f->args, int*) = f->nfmt;
            return 0;
        case '%':
            return put(f, "%", 1);
        default:
            // A mistake in the program, shown where it is.
            if (put(f, "%", 1) < 0 || fmtrune(f, verb) < 0) return -1;
            return put(f, "%", 1);
    }
}

int dofmt(Fmt* f, const char* format) {
    const int before = f->nfmt;
    while (*format != '\0') {
        const char* end = format;
        while (*end != '\0' && *end != '%') ++end;
        if (put(f, format, end - format) < 0) return -1;
        if (*end == '\0') break;
        format = scan_spec(end + 1, f);
        if (*format == '\0') {
            if (put(f, "%", 1) < 0) return -1;
            break;
        }
        Rune verb;
        format += chartorune(&verb, format);
        f->r = verb;
        if (put_verb(f, verb) < 0) return -1;
    }
    return f->nfmt - before;
}

int fmtvprint(Fmt* f, const char* format, va_list args) {
    // A verb's function goes on with its own afterwards.
    Fmt saved = *f;
    va_copy(f->args, args);
    const int result = dofmt(f, format);
    va_end(f->args);
    va_copy(f->args, saved.args);
    f->r = saved.r;
    f->width = saved.width;
    f->prec = saved.prec;
    f->flags = saved.flags;
    return result < 0 ? -1 : 0;
}

int fmtprint(Fmt* f, const char* format, ...) {
    va_list args;
    va_start(args, format);
    const int result = fmtvprint(f, format, args);
    va_end(args);
    return result;
}

void quotefmtinstall(void) {
    fmtinstall('q', quotestrfmt);
    fmtinstall('Q', quoterunestrfmt);
}
