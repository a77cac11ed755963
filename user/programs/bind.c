// bind: makes a name stand for what another names, in place of it or in a union with it.
#include <libc.h>

static void usage(void) {
    fprint(2, "usage: bind [-abcq] new old\n");
    exits("usage");
}

void main(int argc, char* argv[]) {
    int flags = MREPL, quiet = 0;
    ARGBEGIN {
        case 'a':
            flags |= MAFTER;
            break;
        case 'b':
            flags |= MBEFORE;
            break;
        case 'c':
            flags |= MCREATE;
            break;
        case 'q':
            quiet = 1;
            break;
        default:
            usage();
    }
    ARGEND
    if (argc != 2 || (flags & MORDER) == MORDER) usage();
    if (bind(argv[0], argv[1], flags) >= 0 || quiet) exits("");
    char why[ERRMAX];
    rerrstr(why, sizeof why);
    // The call does not say which of the two names it is about.
    if (access(argv[0], AEXIST) < 0)
        fprint(2, "bind: %s: %r\n", argv[0]);
    else if (access(argv[1], AEXIST) < 0)
        fprint(2, "bind: %s: %r\n", argv[1]);
    else
        fprint(2, "bind %s %s: %s\n", argv[0], argv[1], why);
    exits("bind");
}
