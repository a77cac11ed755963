// ls: what is in directories.
#include <bio.h>
#include <libc.h>
#include <procyon.h>

typedef struct {
    Dir* dir;
    char* prefix;  // the directory's name, printed before the entry's; nil: it is not
} Entry;

static int as_file, long_form, unsorted, short_names, qids, reversed, sizes, by_time, use_atime,
    marks;
static Entry* entries;
static long count, room;
static char* status = "";
static Biobuf out;

static void usage(void) {
    fprint(2, "usage: ls [-dlnpqrstuF] [file ...]\n");
    exits("usage");
}

static void add(Dir* dir, char* prefix) {
    if (count == room) {
        room = 2 * room + 64;
        entries = erealloc(entries, room * sizeof *entries);
    }
    entries[count++] = (Entry){dir, prefix};
}

static void complain(const char* name) {
    fprint(2, "ls: %s: %r\n", name);
    status = "errors";
}

static void add_directory(char* name, char* prefix) {
    const int fd = open(name, OREAD);
    Dir* dirs;
    const long found = fd < 0 ? -1 : dirreadall(fd, &dirs);
    if (found < 0) complain(name);
    if (fd >= 0) close(fd);
    for (long i = 0; i < found; ++i) add(&dirs[i], short_names ? nil : prefix);
}

static void add_name(char* name) {
    Dir* dir = dirstat(name);
    if (dir == nil) {
        complain(name);
    } else if (dir->qid.type & QTDIR && !as_file) {
        add_directory(name, name);
    } else {
        // The name as it was typed: `ls -d /proc/1` says /proc/1, not 1.
        const char* slash = strrchr(name, '/');
        dir->name = short_names && slash != nil && slash[1] != '\0' ? (char*)slash + 1 : name;
        add(dir, nil);
    }
}

static int compare(const void* left, const void* right) {
    const Entry *a = left, *b = right;
    int order = 0;
    if (by_time) {
        const ulong x = use_atime ? a->dir->atime : a->dir->mtime,
                    y = use_atime ? b->dir->atime : b->dir->mtime;
        order = (x < y) - (x > y);
    }
    if (order == 0 && a->prefix != nil && b->prefix != nil) order = strcmp(a->prefix, b->prefix);
    if (order == 0) order = strcmp(a->dir->name, b->dir->name);
    return reversed ? -order : order;
}

// How wide the columns of -l are.
static struct {
    int dev, uid, gid, length, vers, size;
} widths;

static void widen(int* width, int needed) {
    if (*width < needed) *width = needed;
}

static void measure(const Dir* dir) {
    char text[32];
    widen(&widths.dev, snprint(text, sizeof text, "%ud", dir->dev));
    widen(&widths.uid, utflen(dir->uid));
    widen(&widths.gid, utflen(dir->gid));
    widen(&widths.length, snprint(text, sizeof text, "%lld", dir->length));
    widen(&widths.vers, snprint(text, sizeof text, "%ud", dir->qid.vers));
    widen(&widths.size, snprint(text, sizeof text, "%lld", (dir->length + 1023) / 1024));
}

// Within half a year the time of day, else the year.
static void put_date(long seconds, long now) {
    const Tm* tm = gmtime(seconds);
    const char* text = asctime(tm);
    const int recent = seconds > now - 182l * 24 * 60 * 60 && seconds < now + 24l * 60 * 60;
    if (recent) {
        Bprint(&out, "%.12s ", text + 4);
    } else {
        Bprint(&out, "%.6s  %4d ", text + 4, tm->year + 1900);
    }
}

static void put_entry(const Entry* entry, long now) {
    const Dir* dir = entry->dir;
    if (sizes) Bprint(&out, "%*lld ", widths.size, (dir->length + 1023) / 1024);
    if (qids)
        Bprint(&out, "(%.16llux %*ud %.2ux) ", dir->qid.path, widths.vers, dir->qid.vers,
               dir->qid.type);
    if (long_form) {
        char mode[12];
        Bprint(&out, "%s %C %*ud %*s %*s %*lld ", dirmode(mode, dir->mode), (Rune)dir->type,
               widths.dev, dir->dev, -widths.uid, dir->uid, -widths.gid, dir->gid, widths.length,
               dir->length);
        put_date(use_atime ? dir->atime : dir->mtime, now);
    }
    const char* prefix = entry->prefix;
    char* name = prefix == nil ? estrdup(dir->name)
                 : prefix[strlen(prefix) - (*prefix != '\0')] == '/'
                     ? smprint("%s%s", prefix, dir->name)
                     : smprint("%s/%s", prefix, dir->name);
    const char* mark = !marks ? "" : dir->mode & DMDIR ? "/" : dir->mode & 0111 ? "*" : "";
    Bprint(&out, "%q%s\n", name, mark);
    free(name);
}

static void put_all(void) {
    if (!unsorted) qsort(entries, count, sizeof *entries, compare);
    for (long i = 0; i < count; ++i) measure(entries[i].dir);
    const long now = time(nil);
    for (long i = 0; i < count; ++i) put_entry(&entries[i], now);
}

void main(int argc, char* argv[]) {
    ARGBEGIN {
        case 'd':
            as_file = 1;
            break;
        case 'l':
            long_form = 1;
            break;
        case 'n':
            unsorted = 1;
            break;
        case 'p':
            short_names = 1;
            break;
        case 'q':
            qids = 1;
            break;
        case 'r':
            reversed = 1;
            break;
        case 's':
            sizes = 1;
            break;
        case 't':
            by_time = 1;
            break;
        case 'u':
            use_atime = 1;
            break;
        case 'F':
            marks = 1;
            break;
        default:
            usage();
    }
    ARGEND
    Binit(&out, 1, OWRITE);
    if (argc == 0) {
        if (as_file)
            add_name(".");
        else
            add_directory(".", nil);
    }
    for (int i = 0; i < argc; ++i) add_name(argv[i]);
    put_all();
    if (Bflush(&out) < 0) sysfatal("write error: %r");
    exits(status);
}
