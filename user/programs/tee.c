// tee: what it is given, to its output and to files.
#include <libc.h>
#include <procyon.h>

static char buffer[8192];

static void usage(void) {
    fprint(2, "usage: tee [-ai] [file ...]\n");
    exits("usage");
}

static int ignore(void* registers, char* text) {
    USED(registers);
    return strcmp(text, "interrupt") == 0;
}

void main(int argc, char* argv[]) {
    int append = 0;
    ARGBEGIN {
        case 'a':
            append = 1;
            break;
        case 'i':
            atnotify(ignore, 1);
            break;
        default:
            usage();
    }
    ARGEND
    char* status = "";
    int* fds = emalloc((argc + 1) * sizeof *fds);
    int count = 0;
    fds[count++] = 1;
    for (int i = 0; i < argc; ++i) {
        int fd = append ? open(argv[i], OWRITE) : -1;
        if (fd >= 0) seek(fd, 0, SEEKEND);
        if (fd < 0) fd = create(argv[i], OWRITE, 0666);
        if (fd < 0) {
            fprint(2, "tee: cannot open %s: %r\n", argv[i]);
            status = "open";
            continue;
        }
        fds[count++] = fd;
    }
    long size;
    while ((size = read(0, buffer, sizeof buffer)) > 0) {
        for (int i = 0; i < count; ++i) {
            if (write(fds[i], buffer, size) != size) status = "write";
        }
    }
    if (size < 0) sysfatal("read error: %r");
    exits(status);
}
