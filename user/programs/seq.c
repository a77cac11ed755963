// seq: numbers from one to another. They are decimals with up to nine digits behind the point, and
// exact.
#include <bio.h>
#include <ctype.h>
#include <libc.h>

enum { kUnit = 1000000000, kMostWhole = 1000000000, kDigits = 9 };

static Biobuf out;

static void usage(void) {
    fprint(2, "usage: seq [-w] [first [incr]] last\n");
    exits("usage");
}

static uvlong size_of(vlong value) { return value < 0 ? -(uvlong)value : (uvlong)value; }

// In billionths.
static vlong parse(const char* text) {
    const int negative = *text == '-';
    const char* at = text + (*text == '-' || *text == '+');
    char* end;
    if (!isdigit(*at) && (*at != '.' || !isdigit(at[1]))) sysfatal("bad number %s", text);
    vlong value = strtoll(at, &end, 10);
    if (value > kMostWhole) sysfatal("number too large %s", text);
    value *= kUnit;
    if (*end == '.') {
        ++end;
        for (vlong unit = kUnit / 10; isdigit(*end) && unit > 0; ++end, unit /= 10)
            value += unit * (*end - '0');
    }
    if (*end != '\0') sysfatal("bad number %s", text);
    return negative ? -value : value;
}

// How many digits behind the point are needed.
static int decimals(vlong value) {
    int digits = kDigits;
    for (uvlong rest = size_of(value) % kUnit; digits > 0 && rest % 10 == 0; rest /= 10) --digits;
    return digits;
}

// With so many digits behind the point; zeros fill it up to `width`, before which the sign stands.
static int format(char* text, usize room, vlong value, int digits, int width) {
    char rest[kDigits + 2];
    snprint(rest, sizeof rest, ".%.*llud", kDigits, size_of(value) % kUnit);
    rest[digits > 0 ? digits + 1 : 0] = '\0';
    int whole = width - (int)strlen(rest) - (value < 0);
    if (whole < 1) whole = 1;
    return snprint(text, room, "%s%.*llud%s", value < 0 ? "-" : "", whole, size_of(value) / kUnit,
                   rest);
}

static int is_negative_number(const char* word) {
    return word[0] == '-' && (isdigit(word[1]) || word[1] == '.');
}

void main(int argc, char* argv[]) {
    int constant_width = 0;
    for (++argv, --argc; argc > 0 && argv[0][0] == '-' && !is_negative_number(argv[0]);
         ++argv, --argc) {
        if (strcmp(argv[0], "-w") != 0) usage();
        constant_width = 1;
    }
    if (argc < 1 || argc > 3) usage();
    const vlong first = argc > 1 ? parse(argv[0]) : kUnit, last = parse(argv[argc - 1]);
    const vlong step = argc > 2 ? parse(argv[1]) : kUnit;
    if (step == 0) sysfatal("zero increment");
    char text[64];
    int width = 0, digits = 0;
    if (constant_width) {
        const vlong given[] = {first, step, last};
        for (uint i = 0; i < nelem(given); ++i) {
            if (decimals(given[i]) > digits) digits = decimals(given[i]);
        }
        width = format(text, sizeof text, first, digits, 0);
        const int other = format(text, sizeof text, last, digits, 0);
        if (other > width) width = other;
    }
    Binit(&out, 1, OWRITE);
    for (vlong value = first; step > 0 ? value <= last : value >= last; value += step) {
        format(text, sizeof text, value, constant_width ? digits : decimals(value), width);
        Bprint(&out, "%s\n", text);
    }
    if (Bflush(&out) < 0) sysfatal("write error: %r");
    exits("");
}
