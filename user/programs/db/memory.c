// Memory: shown as integers, bytes or a text, and changed.
#include "db.h"

enum { kMostCount = 4096 };

static int is_size(ulong size) { return size == 1 || size == 2 || size == 4 || size == 8; }

ulong natural_size(uvlong at, ulong otherwise) {
    const Symbol* const it = symbol_at(at);
    return it != nil && it->at == at && it->size <= 8 && is_size(it->size) ? it->size : otherwise;
}

int get_integer(uvlong at, ulong size, uvlong* value) {
    *value = 0;
    return read_memory(current()->pid, at, value, size) == (long)size;
}

/* A word of the command: the size of an integer, that of what is there if nobody says one. */
static int get_size(const char* text, uvlong at, ulong* size) {
    *size = natural_size(at, 8);
    if (text == nil) return 1;
    if (!get_count(text, 8, size)) return 0;
    if (!is_size(*size)) complain("%s: the size is 1, 2, 4 or 8", text);
    return is_size(*size);
}

/* The kernel calls an address where nothing is a bad argument. */
void cannot(const char* what, uvlong at) {
    char why[ERRMAX];
    rerrstr(why, sizeof why);
    const int nothing = strcmp(why, "bad arg in system call") == 0;
    complain("can't %s 0x%llux: %s", what, at, nothing ? "nothing is mapped there" : why);
}

void x_command(int argc, char* argv[]) {
    uvlong at, value;
    ulong count = 1, size;
    if (!get_value(argv[1], &at) || (argc > 2 && !get_count(argv[2], kMostCount, &count)) ||
        !get_size(argc > 3 ? argv[3] : nil, at, &size)) {
        return;
    }
    for (; count > 0 && !is_asked(); --count, at += size) {
        if (!get_integer(at, size, &value)) return cannot("read", at);
        const char *const name = place_name(at), *const to = size == 8 ? place_name(value) : "";
        print("0x%llux%s%s: 0x%0*llux%s%s\n", at, name[0] == '\0' ? "" : " ", name, (int)size * 2,
              value, to[0] == '\0' ? "" : " ", to);
    }
}

void bytes_command(int argc, char* argv[]) {
    enum { kLine = 16 };
    uvlong at;
    ulong count = kLine;
    if (!get_value(argv[1], &at) || (argc > 2 && !get_count(argv[2], kMostCount, &count))) return;
    while (count > 0 && !is_asked()) {
        uchar bytes[kLine];
        char text[kLine + 1];
        const long wanted = count < kLine ? count : kLine;
        const long got = read_memory(current()->pid, at, bytes, wanted);
        if (got <= 0) return cannot("read", at);
        print("0x%llux:", at);
        for (long i = 0; i < got; ++i) {
            print(" %02ux", bytes[i]);
            text[i] = bytes[i] > ' ' && bytes[i] < 0x7f ? bytes[i] : '.';
        }
        text[got] = '\0';
        print("%*s  %s\n", (int)(kLine - got) * 3, "", text);
        at += got;
        count -= got;
    }
}

/* What is no text is shown as bytes. */
static void print_runes(const char* text) {
    while (*text != '\0') {
        Rune rune;
        const int length = chartorune(&rune, text);
        if (rune < ' ' || rune == 0x7f || (rune == Runeerror && length == 1))
            print("\\x%02ux", (uchar)*text);
        else
            print("%.*s", length, text);
        text += length;
    }
}

void string_command(int argc, char* argv[]) {
    USED(argc);
    static char text[kMostCount + 1];
    uvlong at;
    if (!get_value(argv[1], &at)) return;
    const long count = read_memory(current()->pid, at, text, kMostCount);
    if (count <= 0) return cannot("read", at);
    text[count] = '\0';
    print_runes(text);
    print(strlen(text) == (usize)count ? " ...\n" : "\n");
}

void write_command(int argc, char* argv[]) {
    uvlong at, value;
    ulong size;
    if (!get_value(argv[1], &at) || !get_value(argv[2], &value) ||
        !get_size(argc > 3 ? argv[3] : nil, at, &size)) {
        return;
    }
    if (write_memory(current()->pid, at, &value, size) < 0) cannot("write", at);
}
