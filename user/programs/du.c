// du: how much files take, and directories with all that is in them.
#include <bio.h>
#include <libc.h>
#include <procyon.h>

enum { kKilo = 1024, kHumanMost = 100000 };

static int all, quiet, human, qids, total_only, dates, access_times;
static uvlong block = kKilo, unit = kKilo;  // what sizes are rounded up to, and printed in
static char* status = "";
static Biobuf out;

// Directories that were met below those that are named. Names may lead in circles, so none is entered from above twice.
typedef struct {
    Qid qid;
    ushort type;
    uint dev;
} Place;
static Place* met;
static long met_count, met_room;

static void usage(void) {
    fprint(2, "usage: du [-afhnqstu] [-b size] [file ...]\n");
    exits("usage");
}

static void complain(const char* name) {
    if (quiet) return;
    fprint(2, "du: %s: %r\n", name);
    status = "errors";
}

static int is_new(const Dir* dir) {
    for (long i = 0; i < met_count; ++i) {
        const Place* place = &met[i];
        if (place->qid.path == dir->qid.path && place->type == dir->type && place->dev == dir->dev)
            return 0;
    }
    if (met_count == met_room) {
        met_room = 2 * met_room + 64;
        met = erealloc(met, met_room * sizeof *met);
    }
    met[met_count++] = (Place){dir->qid, dir->type, dir->dev};
    return 1;
}

// In the largest unit that leaves a whole part, with six digits at most.
static void put_human(uvlong amount, const char* name) {
    int shift = 0, places = 0;
    while (amount >> shift >= kKilo) shift += 10;
    const uvlong below = (1ull << shift) - 1;
    uvlong value = amount >> shift, rest = amount & below, one = 1;
    for (uvlong digits = value > 0 ? value : 1; digits < kHumanMost; digits *= 10) {
        rest *= 10;  // fits: it is less than 2^60
        value = value * 10 + (rest >> shift);
        rest &= below;
        one *= 10;
        ++places;
    }
    value += 2 * rest >> shift;
    for (; places > 0 && value % 10 == 0; --places) {
        value /= 10;
        one /= 10;
    }
    Bprint(&out, "%llud", value / one);
    if (places > 0) Bprint(&out, ".%.*llud", places, value % one);
    if (shift > 0) Bputc(&out, "kMGTPE"[shift / 10 - 1]);
    Bprint(&out, "\t%q\n", name);
}

// What is asked for about the file, which takes `size` bytes.
static void put_line(const Dir* dir, uvlong size, const char* name) {
    if (qids)
        Bprint(&out, "%.16llux\t%q\n", dir->qid.path, name);
    else if (dates)
        Bprint(&out, "%uld\t%q\n", access_times ? dir->atime : dir->mtime, name);
    else if (human)
        put_human(size, name);
    else
        Bprint(&out, "%llud\t%q\n", (size + unit - 1) / unit, name);
}

static uvlong measure(const char* name, const Dir* dir);

static uvlong measure_entry(const char* directory, const Dir* dir) {
    const int is_directory = dir->qid.type & QTDIR;
    if (is_directory && !is_new(dir)) return 0;
    const char* slash = directory[strlen(directory) - 1] == '/' ? "" : "/";
    char* name = smprint("%s%s%s", directory, slash, dir->name);
    if (name == nil) sysfatal("out of memory");
    const uvlong size = measure(name, dir);
    if (is_directory ? !total_only : all) put_line(dir, size, name);
    free(name);
    return size;
}

// The bytes that a file takes, or all in a directory. Prints what lies below it.
static uvlong measure(const char* name, const Dir* dir) {
    if (!(dir->qid.type & QTDIR)) return (dir->length + block - 1) / block * block;
    const int fd = open(name, OREAD);
    Dir* entries = nil;
    const long count = fd < 0 ? -1 : dirreadall(fd, &entries);
    if (count < 0) complain(name);
    if (fd >= 0) close(fd);
    uvlong size = 0;
    for (long i = 0; i < count; ++i) size += measure_entry(name, &entries[i]);
    free(entries);
    return size;
}

static void report(const char* name) {
    Dir* dir = dirstat(name);
    if (dir == nil) {
        complain(name);
        return;
    }
    put_line(dir, measure(name, dir), name);
    free(dir);
}

// A number of bytes, or with k behind it of 1024.
static uvlong take_block(const char* text) {
    char* end;
    uvlong size = strtoull(text, &end, 0);
    if (*end == 'k') {
        size *= kKilo;
        ++end;
    }
    if (!isdigit(text[0]) || *end != '\0' || size == 0) usage();
    return size;
}

void main(int argc, char* argv[]) {
    ARGBEGIN {
        case 'a':
            all = 1;
            break;
        case 'b':
            block = take_block(EARGF(usage()));
            break;
        case 'f':
            quiet = 1;
            break;
        case 'h':
            human = 1;
            break;
        case 'n':
            all = 1;
            block = unit = 1;
            break;
        case 'q':
            qids = 1;
            break;
        case 's':
            total_only = 1;
            break;
        case 't':
            dates = 1;
            break;
        case 'u':
            dates = access_times = 1;
            break;
        default:
            usage();
    }
    ARGEND
    Binit(&out, 1, OWRITE);
    if (argc == 0) report(".");
    for (int i = 0; i < argc; ++i) report(argv[i]);
    if (Bflush(&out) < 0) sysfatal("write error: %r");
    exits(status);
}
