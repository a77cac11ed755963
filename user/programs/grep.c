// grep: lines that match a regular expression.
#include <bio.h>
#include <libc.h>
#include <regexp.h>
#include <procyon.h>

static int count_only, no_names, fold, names_only, others_only, numbers, silent, inverted,
    unbuffered;
static char* pattern;  // all of them, as alternatives
static Reprog* prog;
static Biobuf in, out;
static int any, failed;

static void usage(void) {
    fprint(2, "usage: grep [-bchiLlnsv] [-f file] [-e expr] [file ...]\n");
    exits("usage");
}

static void complain(const char* what, const char* name) {
    fprint(2, "grep: %s %s: %r\n", what, name);
    failed = 1;
}

// One more alternative. Each must be right by itself, or two wrong ones could make a right one.
static void add_pattern(const char* text) {
    Reprog* alone = regcomp(text);
    if (alone == nil) sysfatal("%s: %r", text);
    regfree(alone);
    char* longer = pattern != nil ? smprint("%s|%s", pattern, text) : estrdup(text);
    if (longer == nil) sysfatal("out of memory");
    free(pattern);
    pattern = longer;
}

static void add_patterns_of(const char* name) {
    Biobuf* file = Bopen(name, OREAD);
    if (file == nil) sysfatal("can't open %s: %r", name);
    for (char* line; (line = Brdstr(file, '\n', 1)) != nil; free(line)) add_pattern(line);
    Bterm(file);
}

static void report(const char* line, usize size, const char* name, vlong number) {
    if (name != nil) Bprint(&out, "%s:", name);
    if (numbers) Bprint(&out, "%lld: ", number);
    Bwrite(&out, line, size);
    Bputc(&out, '\n');
    if (unbuffered) Bflush(&out);
}

// Looks at one line, without its newline. 1: no further one needs looking at.
static int look(const char* line, usize size, const char* name, vlong number, vlong* found) {
    Resub match = {.sp = line, .ep = line + size};
    if (regexec(prog, line, &match, 1) == inverted) return 0;
    ++*found;
    any = 1;
    if (silent || names_only || others_only) return 1;
    if (!count_only) report(line, size, name, number);
    return 0;
}

static void search(int fd, const char* name, int show_name) {
    const char* shown = show_name ? name : nil;
    vlong number = 0, found = 0;
    Binit(&in, fd, OREAD);
    for (;;) {
        const char* line = Brdline(&in, '\n');
        char* whole = nil;
        usize size = Blinelen(&in);
        if (line != nil) {
            --size;
        } else {
            // A line longer than the buffer, or the last one without an end.
            line = whole = Brdstr(&in, '\n', 1);
            size = Blinelen(&in);
            if (line == nil) break;
        }
        const int enough = look(line, size, shown, ++number, &found);
        free(whole);
        if (enough) break;
    }
    if (in.failed) complain("error reading", name);
    if (silent) return;
    if (names_only ? found > 0 : others_only && found == 0) {
        Bprint(&out, "%s\n", name);
    } else if (count_only && !names_only && !others_only) {
        if (shown != nil) Bprint(&out, "%s:", shown);
        Bprint(&out, "%lld\n", found);
    }
}

void main(int argc, char* argv[]) {
    ARGBEGIN {
        case 'b':
            unbuffered = 1;
            break;
        case 'c':
            count_only = 1;
            break;
        case 'h':
            no_names = 1;
            break;
        case 'i':
            fold = 1;
            break;
        case 'L':
            others_only = 1;
            break;
        case 'l':
            names_only = 1;
            break;
        case 'n':
            numbers = 1;
            break;
        case 's':
            silent = 1;
            break;
        case 'v':
            inverted = 1;
            break;
        case 'e':
            add_pattern(EARGF(usage()));
            break;
        case 'f':
            add_patterns_of(EARGF(usage()));
            break;
        default:
            usage();
    }
    ARGEND
    if (pattern == nil) {
        if (argc == 0) usage();
        add_pattern(argv[0]);
        ++argv;
        --argc;
    }
    prog = regcomp(pattern);
    if (prog == nil) sysfatal("%r");
    if (fold) regfold(prog);
    Binit(&out, 1, OWRITE);
    if (argc == 0) search(0, "stdin", 0);
    for (int i = 0; i < argc; ++i) {
        const int fd = open(argv[i], OREAD);
        if (fd < 0) {
            complain("can't open", argv[i]);
            continue;
        }
        search(fd, argv[i], argc > 1 && !no_names);
        close(fd);
        if (silent && any) break;
    }
    if (Bflush(&out) < 0) sysfatal("write error: %r");
    // With -s the question was whether there is a match.
    if (failed && !(silent && any)) exits("errors");
    exits(any ? "" : "no matches");
}
