// tail: the end of a file, from a place counted from its end or its beginning.
#include <bio.h>
#include <libc.h>
#include <procyon.h>

enum { kFollow = 1000, kPiece = 8192 };  // milliseconds between looks; bytes read at a time

static int from_begin, bytes, follow, reversed;
static vlong count = 10;
static Biobuf out;

static char* text;  // all that was read
static vlong size;

static void usage(void) {
    fprint(2, "usage: tail [-n N] [-c N] [-f] [-r] [+-N[bc][fr]] [file]\n");
    exits("usage");
}

static void read_all(int fd) {
    vlong room = 0;
    for (;;) {
        if (room - size < kPiece) {
            room = 2 * room + kPiece;
            text = erealloc(text, room);
        }
        const long got = read(fd, text + size, room - size);
        if (got < 0) sysfatal("read error: %r");
        if (got == 0) return;
        size += got;
    }
}

// Where the line begins that ends before `end`.
static vlong line_before(vlong end) {
    vlong at = end - 1;
    while (at > 0 && text[at - 1] != '\n') --at;
    return at;
}

static vlong start(void) {
    if (from_begin) {
        vlong at = 0, left = count - 1;
        if (bytes) return count < size ? count : size;
        for (; left > 0 && at < size; ++at) left -= text[at] == '\n';
        return at;
    }
    if (bytes) return count < size ? size - count : 0;
    vlong at = size;
    for (vlong left = count; left > 0 && at > 0; --left) at = line_before(at);
    return at;
}

static void put_reversed(vlong first) {
    for (vlong end = size; end > first;) {
        const vlong begin = line_before(end);
        Bwrite(&out, text + begin, end - begin);
        if (text[end - 1] != '\n') Bputc(&out, '\n');
        end = begin;
    }
}

static void put_what_comes(int fd) {
    static char piece[kPiece];
    for (;;) {  // until a note ends it
        const long got = read(fd, piece, sizeof piece);
        if (got < 0) sysfatal("read error: %r");
        if (got == 0 && sleep(kFollow) < 0) exits("interrupted");
        if (got > 0 && write(1, piece, got) != got) sysfatal("write error: %r");
    }
}

// -3, +3c, -r and so on. 0: it is none of those.
static int take_counted(const char* word) {
    char* end = (char*)word + 1;
    if (isdigit(*end))
        count = strtoll(end, &end, 10);
    else if (word[0] == '+')
        return 0;
    int factor = 1;
    const char* letters = end;
    for (; *end != '\0'; ++end) {
        if (*end == 'b')
            bytes = 1, factor = 1024;
        else if (*end == 'c')
            bytes = 1;
        else if (*end == 'f')
            follow = 1;
        else if (*end == 'r')
            reversed = 1;
        else if (*end != 'l')
            return 0;
    }
    if (letters == end && letters == word + 1) return 0;
    count *= factor;
    from_begin = word[0] == '+';
    return 1;
}

void main(int argc, char* argv[]) {
    for (++argv, --argc; argc > 0 && (argv[0][0] == '-' || argv[0][0] == '+') && argv[0][1] != '\0';
         ++argv, --argc) {
        char* word = argv[0];
        if (word[0] == '-' &&
            (word[1] == 'n' || (word[1] == 'c' && (argc > 1 || word[2] != '\0')))) {
            bytes = word[1] == 'c';
            if (word[2] == '\0' && argc < 2) usage();
            if (word[2] == '\0') ++argv, --argc;
            char* number = word[2] == '\0' ? argv[0] : word + 2;
            from_begin = *number == '+';
            char* end;
            count = strtoll(number, &end, 10);
            if (end == number || *end != '\0') usage();
            if (count < 0) count = -count;
        } else if (!take_counted(word)) {
            break;
        }
    }
    if (argc > 1) usage();
    const int fd = argc == 1 ? open(argv[0], OREAD) : 0;
    if (fd < 0) sysfatal("can't open %s: %r", argv[0]);
    Binit(&out, 1, OWRITE);
    read_all(fd);
    const vlong first = start();
    if (reversed)
        put_reversed(first);
    else
        Bwrite(&out, text + first, size - first);
    if (Bflush(&out) < 0) sysfatal("write error: %r");
    if (follow && !reversed) put_what_comes(fd);
    exits("");
}
