// sort: lines in order, by all of them or by keys; equal ones stay as they came.
#include <bio.h>
#include <libc.h>
#include <procyon.h>

enum { kKeys = 16 };

// How two pieces of text are compared.
typedef struct {
    int numeric, reversed, fold, dictionary, blanks;
} Order;

// A part of a line: from a letter of a field to before one of another. Fields and letters count
// from 0.
typedef struct {
    int from_field, from_letter;
    int to_field, to_letter;  // to_field -1: the line's end
    int has_order;
    Order order;
} Key;

typedef struct {
    char* text;
    usize size;
} Line;

typedef struct {
    const char *at, *end;
} Span;

static Order order;
static Key keys[kKeys];
static int key_count, unique, check, tab = -1;
static Line* lines;
static usize count, room;
static Biobuf out;

static void usage(void) {
    fprint(2, "usage: sort [-bcdfnru] [-t x] [-k pos1[,pos2]] ... [-o output] [file ...]\n");
    exits("usage");
}

static int is_blank(int c) { return c == ' ' || c == '\t'; }

// Where field `index` begins. Without -t a field has the blanks before it.
static const char* field(const Line* line, int index) {
    const char *at = line->text, *end = at + line->size;
    for (; index > 0 && at < end; --index) {
        if (tab >= 0) {
            at = memchr(at, tab, end - at);
            if (at == nil) return end;
            ++at;
        } else {
            while (at < end && is_blank(*at)) ++at;
            while (at < end && !is_blank(*at)) ++at;
        }
    }
    return at;
}

static const char* letter(const Line* line, int index, int letters, int skip_blanks) {
    const char *at = field(line, index), *end = line->text + line->size;
    while (skip_blanks && at < end && is_blank(*at)) ++at;
    for (; letters > 0 && at < end; --letters) {
        Rune rune;
        at += chartorune(&rune, at);
    }
    return at < end ? at : end;
}

static Span span(const Line* line, const Key* key, const Order* by) {
    const char* end = line->text + line->size;
    Span span = {letter(line, key->from_field, key->from_letter, by->blanks), end};
    if (key->to_field >= 0 && key->to_letter > 0) {
        span.end = letter(line, key->to_field, key->to_letter, by->blanks);
    } else if (key->to_field >= 0) {
        // All of the field before: up to its separator.
        span.end = field(line, key->to_field);
        if (tab >= 0 && span.end > line->text && span.end[-1] == tab && key->to_field > 0)
            --span.end;
    }
    if (span.end < span.at) span.end = span.at;
    return span;
}

static int significant(const Order* by, int c) {
    return !by->dictionary || isalnum(c) || is_blank(c) || (uchar)c >= Runeself;
}

static int compare_text(const Order* by, Span a, Span b) {
    for (;; ++a.at, ++b.at) {
        while (a.at < a.end && !significant(by, *a.at)) ++a.at;
        while (b.at < b.end && !significant(by, *b.at)) ++b.at;
        if (a.at == a.end || b.at == b.end) return (a.at < a.end) - (b.at < b.end);
        const int x = by->fold ? tolower((uchar)*a.at) : (uchar)*a.at;
        const int y = by->fold ? tolower((uchar)*b.at) : (uchar)*b.at;
        if (x != y) return x < y ? -1 : 1;
    }
}

// A number of any length: sign, digits, point, digits.
typedef struct {
    int sign;  // 0: it is zero
    Span whole, rest;
} Number;

static Number number(Span text) {
    Number value = {1, {nil, nil}, {nil, nil}};
    while (text.at < text.end && is_blank(*text.at)) ++text.at;
    if (text.at < text.end && (*text.at == '-' || *text.at == '+'))
        value.sign = *text.at++ == '-' ? -1 : 1;
    while (text.at < text.end && *text.at == '0') ++text.at;
    value.whole.at = text.at;
    while (text.at < text.end && isdigit(*text.at)) ++text.at;
    value.whole.end = value.rest.at = value.rest.end = text.at;
    if (text.at < text.end && *text.at == '.') {
        value.rest.at = ++text.at;
        while (text.at < text.end && isdigit(*text.at)) ++text.at;
        // Zeros at the end say nothing.
        while (text.at > value.rest.at && text.at[-1] == '0') --text.at;
        value.rest.end = text.at;
    }
    if (value.whole.at == value.whole.end && value.rest.at == value.rest.end) value.sign = 0;
    return value;
}

static int compare_numbers(Span a, Span b) {
    static const Order kPlain;
    const Number x = number(a), y = number(b);
    if (x.sign != y.sign) return x.sign < y.sign ? -1 : 1;
    const long by_length = (x.whole.end - x.whole.at) - (y.whole.end - y.whole.at);
    int result = by_length < 0 ? -1 : by_length > 0;
    if (result == 0) result = compare_text(&kPlain, x.whole, y.whole);
    if (result == 0) result = compare_text(&kPlain, x.rest, y.rest);
    return x.sign < 0 ? -result : result;
}

static int compare_spans(const Order* by, Span a, Span b) {
    const int result = by->numeric ? compare_numbers(a, b) : compare_text(by, a, b);
    return by->reversed ? -result : result;
}

static int compare(const Line* a, const Line* b) {
    if (key_count == 0) {
        return compare_spans(&order, (Span){a->text, a->text + a->size},
                             (Span){b->text, b->text + b->size});
    }
    for (int i = 0; i < key_count; ++i) {
        const Order* by = keys[i].has_order ? &keys[i].order : &order;
        const int result = compare_spans(by, span(a, &keys[i], by), span(b, &keys[i], by));
        if (result != 0) return result;
    }
    return 0;
}

// Merges runs of 1, 2, 4 ... lines, from one array into the other.
static void sort_lines(void) {
    Line* other = emalloc((count + 1) * sizeof *other);
    for (usize run = 1; run < count; run *= 2) {
        for (usize begin = 0; begin < count; begin += 2 * run) {
            const usize middle = begin + run < count ? begin + run : count;
            const usize end = middle + run < count ? middle + run : count;
            usize left = begin, right = middle;
            for (usize to = begin; to < end; ++to) {
                const int from_left =
                    right == end || (left < middle && compare(&lines[left], &lines[right]) <= 0);
                other[to] = lines[from_left ? left++ : right++];
            }
        }
        Line* sorted = other;
        other = lines;
        lines = sorted;
    }
    free(other);
}

static void read_lines(int fd) {
    static Biobuf in;
    Binit(&in, fd, OREAD);
    for (char* text; (text = Brdstr(&in, '\n', 1)) != nil;) {
        if (count == room) {
            room = 2 * room + 1024;
            lines = erealloc(lines, room * sizeof *lines);
        }
        lines[count++] = (Line){text, Blinelen(&in)};
    }
    if (in.failed) sysfatal("read error: %r");
}

static void check_order(void) {
    for (usize i = 1; i < count; ++i) {
        const int result = compare(&lines[i - 1], &lines[i]);
        if (result > 0 || (unique && result == 0)) {
            fprint(2, "sort: -c file not in sort: %s\n", lines[i].text);
            exits("order");
        }
    }
}

static int take_flag(Order* by, int c) {
    switch (c) {
        case 'n':
            by->numeric = 1;
            return 1;
        case 'r':
            by->reversed = 1;
            return 1;
        case 'f':
            by->fold = 1;
            return 1;
        case 'd':
            by->dictionary = 1;
            return 1;
        case 'b':
            by->blanks = 1;
            return 1;
        default:
            return 0;
    }
}

// FIELD[.LETTER][flags], both counted from 1. `end`: letter 0 or none is the end of the field.
static char* take_position(char* text, Key* key, int* at_field, int* at_letter, int end) {
    char* at;
    *at_field = strtol(text, &at, 10) - 1;
    if (at == text || *at_field < 0) usage();
    *at_letter = 0;
    int has_letter = 0;
    if (*at == '.') {
        char* digits = at + 1;
        *at_letter = strtol(digits, &at, 10);
        if (at == digits || *at_letter < 0) usage();
        has_letter = *at_letter > 0;
        if (!end && has_letter) --*at_letter;
    }
    for (; take_flag(&key->order, *at); ++at) key->has_order = 1;
    if (end && !has_letter) ++*at_field;  // up to where the next one begins
    return at;
}

static void take_key(char* text) {
    if (key_count == kKeys) sysfatal("too many keys");
    Key* key = &keys[key_count++];
    *key = (Key){.to_field = -1};
    text = take_position(text, key, &key->from_field, &key->from_letter, 0);
    if (*text == ',') text = take_position(text + 1, key, &key->to_field, &key->to_letter, 1);
    if (*text != '\0') usage();
}

void main(int argc, char* argv[]) {
    char* output = nil;
    ARGBEGIN {
        case 'c':
            check = 1;
            break;
        case 'u':
            unique = 1;
            break;
        case 't':
            tab = (uchar)EARGF(usage())[0];
            break;
        case 'k':
            take_key(EARGF(usage()));
            break;
        case 'o':
            output = EARGF(usage());
            break;
        default:
            if (!take_flag(&order, ARGC())) usage();
    }
    ARGEND
    if (argc == 0) read_lines(0);
    for (int i = 0; i < argc; ++i) {
        const int fd = strcmp(argv[i], "-") == 0 ? 0 : open(argv[i], OREAD);
        if (fd < 0) sysfatal("open %s: %r", argv[i]);
        read_lines(fd);
        if (fd > 0) close(fd);
    }
    if (check) {
        check_order();
        exits("");
    }
    sort_lines();
    // The output may be one of the inputs: it is opened when they have been read.
    const int fd = output != nil ? create(output, OWRITE, 0666) : 1;
    if (fd < 0) sysfatal("create %s: %r", output);
    Binit(&out, fd, OWRITE);
    for (usize i = 0; i < count; ++i) {
        if (unique && i > 0 && compare(&lines[i - 1], &lines[i]) == 0) continue;
        Bwrite(&out, lines[i].text, lines[i].size);
        Bputc(&out, '\n');
    }
    if (Bflush(&out) < 0) sysfatal("write error: %r");
    exits("");
}
