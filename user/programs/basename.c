// basename: the last element of a name, without a suffix; with -d what comes before it.
#include <libc.h>

static void usage(void) {
    fprint(2, "usage: basename [-d] string [suffix]\n");
    exits("usage");
}

void main(int argc, char* argv[]) {
    int directory = 0;
    ARGBEGIN {
        case 'd':
            directory = 1;
            break;
        default:
            usage();
    }
    ARGEND
    if (argc < 1 || argc > 2) usage();
    char* name = argv[0];
    char* slash = strrchr(name, '/');
    if (directory) {
        if (slash != nil) *slash = '\0';
        print("%s\n", slash != nil ? name : ".");
        exits("");
    }
    if (slash != nil) name = slash + 1;
    if (argc == 2) {
        const usize size = strlen(name), suffix = strlen(argv[1]);
        if (suffix < size && strcmp(name + size - suffix, argv[1]) == 0) name[size - suffix] = '\0';
    }
    print("%s\n", name);
    exits("");
}
