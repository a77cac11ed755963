// xd: bytes as numbers or letters, sixteen a line.
#include <bio.h>
#include <libc.h>

enum { kLine = 16, kFormats = 8 };

typedef struct {
    int size;   // of a number, in bytes: 1, 2, 4 or 8
    int style;  // o, x or d; c: letters
} Format;

static Format formats[kFormats];
static int format_count, address_style = 'x', repeats, swap;
static Biobuf out;

static void usage(void) {
    fprint(2, "usage: xd [-u] [-r] [-s] [-a{odx}] [-c|{b1w2l4v8}{odx}] ... [file ...]\n");
    exits("usage");
}

// Columns that hold any number of `size` bytes.
static int width_of(const Format* format) {
    static const int kOctal[] = {3, 6, 11, 22}, kDecimal[] = {3, 5, 10, 20};
    const int log = format->size == 1 ? 0 : format->size == 2 ? 1 : format->size == 4 ? 2 : 3;
    return format->style == 'x'   ? 2 * format->size
           : format->style == 'o' ? kOctal[log]
                                  : kDecimal[log];
}

static void put_number(const Format* format, const uchar* bytes) {
    uvlong value = 0;
    for (int i = 0; i < format->size; ++i) value = value << 8 | bytes[i];
    const int width = width_of(format);
    switch (format->style) {
        case 'x':
            Bprint(&out, " %.*llux", width, value);
            break;
        case 'o':
            Bprint(&out, " %.*lluo", width, value);
            break;
        default:
            Bprint(&out, " %*llud", width, value);
    }
}

static void put_letter(int byte) {
    static const char kEscapes[] = "\0000\bb\tt\nn\ff\rr";
    for (uint i = 0; i + 1 < sizeof kEscapes; i += 2) {
        if (byte == kEscapes[i]) {
            Bprint(&out, "  \\%c", kEscapes[i + 1]);
            return;
        }
    }
    if (byte < ' ' || byte >= 0x7f)
        Bprint(&out, "  %.2x", byte);
    else
        Bprint(&out, "   %c", byte);
}

static void put_address(uvlong at) {
    switch (address_style) {
        case 'x':
            Bprint(&out, "%.7llux", at);
            break;
        case 'o':
            Bprint(&out, "%.10lluo", at);
            break;
        default:
            Bprint(&out, "%.10llud", at);
    }
}

static void put_line(const uchar* line, int size, uvlong at) {
    put_address(at);
    for (int f = 0; f < format_count; ++f) {
        const Format* format = &formats[f];
        if (f > 0) Bprint(&out, address_style == 'x' ? "%7s" : "%10s", "");
        Bputc(&out, ' ');
        if (format->style == 'c') {
            for (int i = 0; i < size; ++i) put_letter(line[i]);
        } else {
            // What the file does not fill of a number is zero.
            for (int i = 0; i < size; i += format->size) put_number(format, line + i);
        }
        Bputc(&out, '\n');
    }
}

// Fours of bytes, the other way round.
static void swap_bytes(uchar* line) {
    for (int i = 0; i < kLine; i += 4) {
        const uchar a = line[i], b = line[i + 1];
        line[i] = line[i + 3];
        line[i + 1] = line[i + 2];
        line[i + 2] = b;
        line[i + 3] = a;
    }
}

static void dump(int fd) {
    static Biobuf in;
    uchar line[kLine], last[kLine];
    uvlong at = 0;
    int starred = 0;
    Binit(&in, fd, OREAD);
    for (;;) {
        memset(line, 0, sizeof line);
        const long size = Bread(&in, line, sizeof line);
        if (size <= 0) break;
        if (swap) swap_bytes(line);
        if (repeats && at > 0 && size == kLine && memcmp(line, last, kLine) == 0) {
            if (!starred) Bprint(&out, "*\n");
            starred = 1;
        } else {
            put_line(line, size, at);
            starred = 0;
        }
        memcpy(last, line, sizeof line);
        at += size;
    }
    if (in.failed) sysfatal("read error: %r");
    put_address(at);
    Bputc(&out, '\n');
}

static void add_format(int size, int style) {
    if (format_count == kFormats) sysfatal("too many formats");
    formats[format_count++] = (Format){size, style};
}

// -c, or a size and a style.
static void take_format(const char* word) {
    static const char kSizes[] = "b1w2l4v8";
    if (strcmp(word, "c") == 0) {
        add_format(1, 'c');
        return;
    }
    const char* size = strchr(kSizes, word[0]);
    if (word[0] == '\0' || size == nil || word[1] == '\0') usage();
    for (const char* style = word + 1; *style != '\0'; ++style) {
        if (strchr("odx", *style) == nil) usage();
        add_format(1 << (size - kSizes) / 2, *style);
    }
}

void main(int argc, char* argv[]) {
    for (++argv, --argc; argc > 0 && argv[0][0] == '-' && argv[0][1] != '\0'; ++argv, --argc) {
        const char* word = *argv + 1;
        if (strcmp(word, "u") == 0) continue;  // nothing is held back when the input ends
        if (strcmp(word, "r") == 0)
            repeats = 1;
        else if (strcmp(word, "s") == 0)
            swap = 1;
        else if (word[0] == 'a' && word[1] != '\0' && strchr("odx", word[1]) != nil)
            address_style = word[1];
        else
            take_format(word);
    }
    if (format_count == 0) add_format(4, 'x');
    Binit(&out, 1, OWRITE);
    if (argc == 0) dump(0);
    for (int i = 0; i < argc; ++i) {
        const int fd = open(argv[i], OREAD);
        if (fd < 0) sysfatal("can't open %s: %r", argv[i]);
        dump(fd);
        close(fd);
    }
    if (Bflush(&out) < 0) sysfatal("write error: %r");
    exits("");
}
