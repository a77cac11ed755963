// tr: replaces, deletes and squeezes runes. Bytes that are no rune come out as U+FFFD.
#include <bio.h>
#include <libc.h>
#include <procyon.h>

// Runes that follow each other, behind `before` others in what a string stands for.
typedef struct {
    Rune first, last;
    ulong before;
} Run;

typedef struct {
    Run* runs;
    long count;
    ulong size;  // in runes; one may be there twice
} Set;

enum { kNoDigit = 99, kOctalDigits = 3, kHexDigits = 4, kOctalMost = 0377 };

static void usage(void) {
    fprint(2, "usage: tr [-cds] [string1 [string2]]\n");
    exits("usage");
}

static void add(Set* set, Rune first, Rune last) {
    set->runs = erealloc(set->runs, (set->count + 1) * sizeof *set->runs);
    set->runs[set->count++] = (Run){first, last, set->size};
    set->size += last - first + 1;
}

static int digit(int c) {
    return isdigit(c) ? c - '0' : isalpha(c) ? tolower(c) - 'a' + 10 : kNoDigit;
}

static const char* take_number(const char* at, int base, int digits, Rune* rune) {
    for (*rune = 0; digits > 0 && digit(*at) < base; --digits) *rune = *rune * base + digit(*at++);
    return at;
}

// One rune of a string: itself, or behind \ its number or itself. Returns what follows.
static const char* take_rune(const char* at, Rune* rune) {
    if (at[0] == '\\' && at[1] != '\0') {
        ++at;
        if (at[0] == 'x' && digit(at[1]) < 16) return take_number(at + 1, 16, kHexDigits, rune);
        if (digit(at[0]) < 8) {
            const char* end = take_number(at, 8, kOctalDigits, rune);
            if (*rune > kOctalMost) sysfatal("\\%.3s is above \\377", at);
            return end;
        }
    }
    return at + chartorune(rune, at);
}

static Set take_string(const char* text) {
    Set set = {nil, 0, 0};
    for (const char* at = text; *at != '\0';) {
        Rune rune;
        if (set.count == 0 || at[0] != '-' || at[1] == '\0') {
            at = take_rune(at, &rune);
            add(&set, rune, rune);
            continue;
        }
        at = take_rune(at + 1, &rune);
        Run* run = &set.runs[set.count - 1];
        if (rune < run->last) sysfatal("invalid range in %q", text);
        set.size += rune - run->last;
        run->last = rune;
    }
    return set;
}

static int compare_runs(const void* left, const void* right) {
    const Run *a = left, *b = right;
    return (a->first > b->first) - (a->first < b->first);
}

// All other runes, in order.
static Set complement(Set set) {
    Set others = {nil, 0, 0};
    Rune next = 0;
    qsort(set.runs, set.count, sizeof *set.runs, compare_runs);
    for (long i = 0; i < set.count; ++i) {
        if (set.runs[i].first > next) add(&others, next, set.runs[i].first - 1);
        if (set.runs[i].last >= next) next = set.runs[i].last + 1;
    }
    if (next <= Runemax) add(&others, next, Runemax);
    return others;
}

// Where in the set the rune is; -1: it is not.
static long place(const Set* set, Rune rune) {
    for (long i = 0; i < set->count; ++i) {
        const Run* run = &set->runs[i];
        if (run->first <= rune && rune <= run->last) return run->before + (rune - run->first);
    }
    return -1;
}

// The rune there; the last one is also at all places behind it.
static Rune rune_at(const Set* set, ulong at) {
    const Run* run = &set->runs[set->count - 1];
    if (at >= set->size) return run->last;
    while (run->before > at) --run;
    return run->first + (at - run->before);
}

// A rune that is there twice must become the same both times.
static void check_repeats(const Set* from, const Set* to) {
    for (long i = 1; i < from->count; ++i) {
        const Run* run = &from->runs[i];
        for (Rune rune = run->first; rune <= run->last; ++rune) {
            const Rune here = rune_at(to, run->before + (rune - run->first));
            if (rune_at(to, place(from, rune)) != here)
                sysfatal("ambiguous translation of %C", rune);
        }
    }
}

void main(int argc, char* argv[]) {
    static Biobuf in, out;
    int others = 0, deletes = 0, squeezes = 0;
    ARGBEGIN {
        case 'c':
            others = 1;
            break;
        case 'd':
            deletes = 1;
            break;
        case 's':
            squeezes = 1;
            break;
        default:
            usage();
    }
    ARGEND
    // Deleting makes no use of the second string, squeezing does.
    if (argc != (deletes && !squeezes ? 1 : 2)) usage();
    Set from = take_string(argv[0]);
    const Set to = take_string(argc > 1 ? argv[1] : "");
    if (others) from = complement(from);
    if (!deletes && from.size > 0) {
        if (to.size == 0) sysfatal("nothing to replace %q by", argv[0]);
        if (!others) check_repeats(&from, &to);
    }

    Binit(&in, 0, OREAD);
    Binit(&out, 1, OWRITE);
    long last = Beof;
    for (long rune; (rune = Bgetrune(&in)) != Beof;) {
        const long at = place(&from, rune);
        if (deletes && at >= 0) continue;
        if (at >= 0) rune = rune_at(&to, at);
        if (squeezes && rune == last && place(&to, rune) >= 0) continue;
        Bputrune(&out, rune);
        last = rune;
    }
    if (in.failed) sysfatal("read error: %r");
    if (Bflush(&out) < 0) sysfatal("write error: %r");
    exits("");
}
