// chmod: changes the modes of files, by an octal number or by letters.
#include <ctype.h>
#include <libc.h>

// Which bits of a mode are set, and to what.
typedef struct {
    ulong mask, bits;
} Change;

enum { kPermissions = 0777 };

static void usage(void) {
    fprint(2, "usage: chmod 0777 file ...\n       chmod [ugoa]+-=[rwxalt] file ...\n");
    exits("usage");
}

static int by_number(const char* text, Change* change) {
    char* end;
    const ulong number = strtoul(text, &end, 8);
    if (!isdigit(text[0]) || *end != '\0' || number > kPermissions) return 0;
    *change = (Change){kPermissions, number};
    return 1;
}

// The bits that a letter of u, g, o and a is for. 0: it is none of those.
static ulong take_who(char letter) {
    switch (letter) {
        case 'u':
            return 0700;
        case 'g':
            return 0070;
        case 'o':
            return 0007;
        case 'a':
            return kPermissions;
        default:
            return 0;
    }
}

static ulong take_permission(char letter) {
    switch (letter) {
        case 'r':
            return 0444;
        case 'w':
            return 0222;
        case 'x':
            return 0111;
        case 'a':
            return DMAPPEND;
        case 'l':
            return DMEXCL;
        case 't':
            return DMTMP;
        default:
            return 0;
    }
}

static int by_letters(const char* text, Change* change) {
    ulong who = 0, what = 0;
    for (; take_who(*text) != 0; ++text) who |= take_who(*text);
    if (who == 0) who = kPermissions;
    // They are the file's, not the user's or the group's.
    who |= DMAPPEND | DMEXCL | DMTMP;
    const char how = *text;
    if (how != '+' && how != '-' && how != '=') return 0;
    for (++text; take_permission(*text) != 0; ++text) what |= take_permission(*text);
    change->mask = how == '=' ? who : who & what;
    change->bits = how == '-' ? 0 : what;
    return *text == '\0';
}

static int apply(const char* name, const Change* change) {
    Dir* dir = dirstat(name);
    if (dir == nil) {
        fprint(2, "chmod: can't stat %s: %r\n", name);
        return 0;
    }
    Dir wanted;
    nulldir(&wanted);
    wanted.mode = (dir->mode & ~change->mask) | (change->bits & change->mask);
    free(dir);
    if (dirwstat(name, &wanted) == 0) return 1;
    fprint(2, "chmod: can't wstat %s: %r\n", name);
    return 0;
}

void main(int argc, char* argv[]) {
    // -w is a mode, so there are no options.
    if (argc < 3) usage();
    Change change;
    if (!by_number(argv[1], &change) && !by_letters(argv[1], &change)) {
        if (argv[1][0] == '-') usage();
        fprint(2, "chmod: bad mode: %s\n", argv[1]);
        exits("mode");
    }
    char* status = "";
    for (int i = 2; i < argc; ++i) {
        if (!apply(argv[i], &change)) status = "errors";
    }
    exits(status);
}
