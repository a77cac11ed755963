// date: the time, or, with -n, the seconds since 1970.
#include <ctype.h>
#include <libc.h>

static void usage(void) {
    fprint(2, "usage: date [-un] [seconds]\n");
    exits("usage");
}

void main(int argc, char* argv[]) {
    int number = 0;
    ARGBEGIN {
        case 'u':
            break;  // there is no other zone
        case 'n':
            number = 1;
            break;
        default:
            usage();
    }
    ARGEND
    if (argc > 1 || (argc == 1 && !isdigit(argv[0][0]) && argv[0][0] != '-')) usage();
    const long seconds = argc == 1 ? strtoll(argv[0], nil, 10) : time(nil);
    if (number)
        print("%ld\n", seconds);
    else
        print("%s", ctime(seconds));
    exits("");
}
