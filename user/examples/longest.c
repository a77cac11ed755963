// longest: the longest line of each file, and how many runes it has.
#include <bio.h>

static void usage(void) {
    fprint(2, "usage: longest [-q] [file ...]\n");
    exits("usage");
}

static void measure(int fd, const char* name, int quiet) {
    static Biobuf in;
    char* best = nil;
    Binit(&in, fd, OREAD);
    for (char* line; (line = Brdstr(&in, '\n', 1)) != nil;) {
        const int longer = best == nil || utflen(line) > utflen(best);
        free(longer ? best : line);
        if (longer) best = line;
    }
    if (best == nil) return;
    if (quiet) {
        print("%d\n", utflen(best));
    } else {
        print("%q: %d: %s\n", name, utflen(best), best);
    }
    free(best);
}

void main(int argc, char* argv[]) {
    int quiet = 0;
    ARGBEGIN {
        case 'q':
            quiet = 1;
            break;
        default:
            usage();
    }
    ARGEND
    if (argc == 0) measure(0, "stdin", quiet);
    for (int i = 0; i < argc; ++i) {
        const int fd = open(argv[i], OREAD);
        if (fd < 0) sysfatal("can't open %s: %r", argv[i]);
        measure(fd, argv[i], quiet);
        close(fd);
    }
    exits("");
}
