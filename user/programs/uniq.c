// uniq: of equal lines that follow each other, one.
#include <bio.h>
#include <ctype.h>
#include <libc.h>

static int fields, letters;
static Biobuf out;

static void usage(void) {
    fprint(2, "usage: uniq [-udc] [-number] [+number] [file]\n");
    exits("usage");
}

// Where the compared part of a line begins: behind `fields` words with the blanks before them, and
// `letters` more.
static const char* key(const char* line) {
    for (int i = 0; i < fields; ++i) {
        while (*line == ' ' || *line == '\t') ++line;
        while (*line != '\0' && *line != ' ' && *line != '\t') ++line;
    }
    for (int i = 0; i < letters && *line != '\0'; ++i) {
        Rune rune;
        line += chartorune(&rune, line);
    }
    return line;
}

static void put_line(const char* line, long count, int mode) {
    if ((mode == 'u' && count != 1) || (mode == 'd' && count == 1)) return;
    if (mode == 'c') Bprint(&out, "%4ld ", count);
    Bprint(&out, "%s\n", line);
}

void main(int argc, char* argv[]) {
    static Biobuf in;
    int mode = 0, fd = 0;
    for (++argv, --argc; argc > 0; ++argv, --argc) {
        char* word = *argv;
        if (word[0] == '-' && isdigit(word[1])) {
            fields = atoi(word + 1);
        } else if (word[0] == '+' && isdigit(word[1])) {
            letters = atoi(word + 1);
        } else if (word[0] == '-' && word[1] != '\0' && strchr("udc", word[1]) != nil &&
                   word[2] == '\0') {
            mode = word[1];
        } else {
            break;
        }
    }
    if (argc > 1 || (argc == 1 && argv[0][0] == '-' && argv[0][1] != '\0')) usage();
    if (argc == 1 && strcmp(argv[0], "-") != 0) fd = open(argv[0], OREAD);
    if (fd < 0) sysfatal("can't open %s: %r", argv[0]);
    Binit(&in, fd, OREAD);
    Binit(&out, 1, OWRITE);
    long count = 0;
    char *first = nil, *line;
    while ((line = Brdstr(&in, '\n', 1)) != nil) {
        if (first != nil && strcmp(key(first), key(line)) == 0) {
            ++count;
            free(line);
            continue;
        }
        if (first != nil) put_line(first, count, mode);
        free(first);
        first = line;
        count = 1;
    }
    if (first != nil) put_line(first, count, mode);
    if (in.failed) sysfatal("read error: %r");
    if (Bflush(&out) < 0) sysfatal("write error: %r");
    exits("");
}
