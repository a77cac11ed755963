// head: the first lines of files.
#include <bio.h>
#include <ctype.h>
#include <libc.h>

static Biobuf in, out;

static void usage(void) {
    fprint(2, "usage: head [-n lines] [file ...]\n");
    exits("usage");
}

static void copy(int fd, vlong lines) {
    Binit(&in, fd, OREAD);
    while (lines > 0) {
        const char* line = Brdline(&in, '\n');
        if (line != nil) {
            Bwrite(&out, line, Blinelen(&in));
            --lines;
            continue;
        }
        // A piece of a long line, or the last one without an end.
        int byte = 0;
        for (int i = 0; i < Bsize && byte != '\n' && (byte = Bgetc(&in)) != Beof; ++i)
            Bputc(&out, byte);
        if (byte == Beof) break;
        lines -= byte == '\n';
    }
    if (in.failed) sysfatal("read error: %r");
}

void main(int argc, char* argv[]) {
    char* lines = "10";
    if (argc > 1 && argv[1][0] == '-' && isdigit(argv[1][1])) {
        // -3 is -n 3.
        lines = argv[1] + 1;
        argv[1] = argv[0];
        ++argv;
        --argc;
    }
    ARGBEGIN {
        case 'n':
            lines = EARGF(usage());
            break;
        default:
            usage();
    }
    ARGEND
    char* end;
    const vlong count = strtoll(lines, &end, 10);
    if (*end != '\0' || end == lines || count < 0) usage();
    Binit(&out, 1, OWRITE);
    if (argc == 0) copy(0, count);
    for (int i = 0; i < argc; ++i) {
        const int fd = open(argv[i], OREAD);
        if (fd < 0) sysfatal("can't open %s: %r", argv[i]);
        if (argc > 1) Bprint(&out, "==> %s <==\n", argv[i]);
        copy(fd, count);
        close(fd);
    }
    if (Bflush(&out) < 0) sysfatal("write error: %r");
    exits("");
}
