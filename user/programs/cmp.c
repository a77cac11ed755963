// cmp: whether two files are the same, and where they are not.
#include <bio.h>
#include <ctype.h>
#include <libc.h>

static int all, silent, show_line;
static Biobuf out;

typedef struct {
    char* name;
    Biobuf in;
} File;

static void usage(void) {
    fprint(2, "usage: cmp [-lLs] file1 file2 [offset1 [offset2]]\n");
    exits("usage");
}

static void fail(const File* file, const char* what, char* status) {
    if (!silent) fprint(2, "cmp: %s%s: %r\n", what, file->name);
    exits(status);
}

static vlong take_offset(const char* text) {
    char* end;
    const vlong offset = strtoll(text, &end, 0);
    if (!isdigit(text[0]) || *end != '\0') usage();
    return offset;
}

static void begin(File* file, char* name, vlong offset) {
    file->name = name;
    const int fd = open(name, OREAD);
    if (fd < 0) fail(file, "can't open ", "open");
    if (offset > 0 && seek(fd, offset, SEEKBEGIN) < 0) fail(file, "can't seek in ", "seek");
    Binit(&file->in, fd, OREAD);
}

static int next_byte(File* file) {
    const int byte = Bgetc(&file->in);
    if (byte == Beof && file->in.failed) fail(file, "", "read error");
    return byte;
}

static char* compare(File* first, File* second) {
    char* status = "";
    vlong line = 1;
    for (vlong at = 1;; ++at) {
        const int a = next_byte(first), b = next_byte(second);
        if (a == Beof || b == Beof) {
            if (a == b) return status;
            if (!silent) Bprint(&out, "EOF on %s\n", a == Beof ? first->name : second->name);
            return *status != '\0' ? status : "EOF";
        }
        line += a == '\n';
        if (a == b) continue;
        status = "differ";
        if (silent) return status;
        if (all) {
            Bprint(&out, "%6lld 0x%.2x 0x%.2x\n", at, a, b);
            continue;
        }
        Bprint(&out, "%s %s differ: char %lld", first->name, second->name, at);
        if (show_line) Bprint(&out, " line %lld", line);
        Bprint(&out, "\n");
        return status;
    }
}

void main(int argc, char* argv[]) {
    ARGBEGIN {
        case 'l':
            all = 1;
            break;
        case 'L':
            show_line = 1;
            break;
        case 's':
            silent = 1;
            break;
        default:
            usage();
    }
    ARGEND
    if (argc < 2 || argc > 4) usage();
    const vlong first_offset = argc > 2 ? take_offset(argv[2]) : 0;
    const vlong second_offset = argc > 3 ? take_offset(argv[3]) : 0;
    static File first, second;
    begin(&first, argv[0], first_offset);
    begin(&second, argv[1], second_offset);
    Binit(&out, 1, OWRITE);
    char* status = compare(&first, &second);
    if (Bflush(&out) < 0) sysfatal("write error: %r");
    exits(status);
}
