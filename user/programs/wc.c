// wc: counts lines, words, runes, bytes that are no rune, and bytes.
#include <bio.h>
#include <libc.h>

typedef struct {
    uvlong lines, words, runes, broken, bytes;
} Counts;

static int show_lines, show_words, show_runes, show_broken, show_bytes;
static char* status = "";

static void usage(void) {
    fprint(2, "usage: wc [-lwrbc] [file ...]\n");
    exits("usage");
}

static void report(const Counts* counts, const char* name) {
    char text[128];
    char *at = text, *end = text + sizeof text;
    if (show_lines) at = seprint(at, end, " %7llud", counts->lines);
    if (show_words) at = seprint(at, end, " %7llud", counts->words);
    if (show_runes) at = seprint(at, end, " %7llud", counts->runes);
    if (show_broken) at = seprint(at, end, " %7llud", counts->broken);
    if (show_bytes) at = seprint(at, end, " %7llud", counts->bytes);
    print("%s%s%s\n", text + 1, *name != '\0' ? " " : "", name);
}

static Counts count(int fd, const char* name) {
    static Biobuf in;
    Counts counts = {0};
    int in_word = 0;
    Binit(&in, fd, OREAD);
    for (;;) {
        const vlong before = Boffset(&in);
        const long rune = Bgetrune(&in);
        if (rune == Beof) break;
        const vlong size = Boffset(&in) - before;
        const int blank = rune == ' ' || rune == '\t' || rune == '\n';
        counts.bytes += size;
        ++counts.runes;
        counts.broken += rune == Runeerror && size == 1;
        counts.lines += rune == '\n';
        counts.words += !blank && !in_word;
        in_word = !blank;
    }
    if (in.failed) {
        fprint(2, "wc: %s: %r\n", *name != '\0' ? name : "standard input");
        status = "can't read";
    }
    report(&counts, name);
    return counts;
}

void main(int argc, char* argv[]) {
    ARGBEGIN {
        case 'l':
            show_lines = 1;
            break;
        case 'w':
            show_words = 1;
            break;
        case 'r':
            show_runes = 1;
            break;
        case 'b':
            show_broken = 1;
            break;
        case 'c':
            show_bytes = 1;
            break;
        default:
            usage();
    }
    ARGEND
    if (!show_lines && !show_words && !show_runes && !show_broken && !show_bytes) {
        show_lines = show_words = show_bytes = 1;
    }
    if (argc == 0) count(0, "");
    Counts total = {0};
    for (int i = 0; i < argc; ++i) {
        const int fd = open(argv[i], OREAD);
        if (fd < 0) {
            fprint(2, "wc: can't open %s: %r\n", argv[i]);
            status = "can't open";
            continue;
        }
        const Counts counts = count(fd, argv[i]);
        close(fd);
        total.lines += counts.lines;
        total.words += counts.words;
        total.runes += counts.runes;
        total.broken += counts.broken;
        total.bytes += counts.bytes;
    }
    if (argc > 1) report(&total, "total");
    exits(status);
}
