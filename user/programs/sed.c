// sed: edits a stream of lines by a script.
#include <bio.h>
#include <libc.h>
#include <regexp.h>
#include <procyon.h>

#include "sed.h"

// Text that grows; always ended with a NUL that does not count.
typedef struct {
    char* at;
    usize size, room;
} Text;

static Text space, hold, made;  // the line being edited, what h keeps, what s makes
static Text after;              // a and r: what comes behind the line
static Biobuf in, out;
static char** files;
static int file_count, reading, quiet, quit;
static const char* in_name = "stdin";
static char* status = "";
static vlong line_number;
static Reprog* last_prog;

static void usage(void) {
    fprint(2, "usage: sed [-n] [-g] [-e script] [-f file] [script] [file ...]\n");
    exits("usage");
}

static void append(Text* text, const char* bytes, usize size) {
    if (text->size + size + 1 > text->room) {
        text->room = 2 * (text->size + size) + 64;
        text->at = erealloc(text->at, text->room);
    }
    memcpy(text->at + text->size, bytes, size);
    text->size += size;
    text->at[text->size] = '\0';
}

static void set(Text* text, const char* bytes, usize size) {
    text->size = 0;
    append(text, bytes, size);
}

static void swap(Text* a, Text* b) {
    const Text text = *a;
    *a = *b;
    *b = text;
}

static void put_line(Biobuf* to, const char* line, usize size) {
    Bwrite(to, line, size);
    Bputc(to, '\n');
}

static void complain(const char* what, const char* name) {
    fprint(2, "sed: %s %s: %r\n", what, name);
    status = "errors";
}

// Opens the next file that there is. 0: there is none.
static int next_file(void) {
    while (file_count > 0) {
        const char* name = *files++;
        --file_count;
        if (reading) close(in.fid);
        const int fd = open(name, OREAD);
        reading = fd >= 0;
        if (reading) {
            Binit(&in, fd, OREAD);
            in_name = name;
            return 1;
        }
        complain("can't open", name);
    }
    return 0;
}

// Whether there is another line; moves to its file.
static int more(void) {
    do {
        if (reading && Bgetc(&in) != Beof) {
            Bungetc(&in);
            return 1;
        }
        if (reading && in.failed) {
            complain("error reading", in_name);
            close(in.fid);
            reading = 0;
        }
    } while (next_file());
    return 0;
}

// Appends the next line to the space. 0: there is none.
static int read_line(void) {
    if (!more()) return 0;
    char* line = Brdstr(&in, '\n', 1);
    if (line == nil) sysfatal("out of memory");
    append(&space, line, Blinelen(&in));
    free(line);
    ++line_number;
    return 1;
}

static int match(Reprog* prog, const char* from, Resub* where, int room) {
    if (prog == nil) prog = last_prog;
    if (prog == nil) sysfatal("no previous regular expression");
    last_prog = prog;
    where[0] = (Resub){.sp = from, .ep = space.at + space.size};
    return regexec(prog, space.at, where, room);
}

static int is_at(const Address* address) {
    Resub where;
    switch (address->kind) {
        case kLineNumber:
            return line_number == address->line;
        case kLast:
            return !more();
        default:
            return match(address->prog, space.at, &where, 1);
    }
}

// Is the line one of those that the command is for?
static int selected(Command* command) {
    if (command->from.kind == kNone) return 1;
    if (command->to.kind == kNone) return is_at(&command->from);
    if (!command->active) {
        if (!is_at(&command->from)) return 0;
        // A range that would end here or before is this one line.
        command->active = command->to.kind != kLineNumber || command->to.line > line_number;
        return 1;
    }
    if (command->to.kind == kLineNumber) {
        command->active = line_number < command->to.line;
        return line_number <= command->to.line;
    }
    command->active = !is_at(&command->to);
    return 1;
}

// Appends the replacement for a match to `made`.
static void replace(const char* with, const Resub* where) {
    for (; *with != '\0'; ++with) {
        int group = *with == '&' ? 0 : -1;
        if (*with == '\\' && with[1] != '\0') {
            ++with;
            if (isdigit(*with))
                group = *with - '0';
            else
                append(&made, *with == 'n' ? "\n" : with, 1);
            if (group < 0) continue;
        }
        if (group < 0)
            append(&made, with, 1);
        else if (where[group].sp != nil)
            append(&made, where[group].sp, where[group].ep - where[group].sp);
    }
}

static int substitute(const Command* command) {
    Resub where[10];
    const char *at = space.at, *end = space.at + space.size;
    const char* before = nil;  // where the last match ended
    int done = 0;
    made.size = 0;
    append(&made, "", 0);
    while (at <= end && match(command->prog, at, where, nelem(where))) {
        append(&made, at, where[0].sp - at);
        at = where[0].ep;
        const int empty = where[0].sp == where[0].ep;
        // An empty match behind another is none.
        if (!empty || where[0].sp != before) {
            replace(command->text, where);
            done = 1;
        }
        before = at;
        if (empty && at < end) append(&made, at, 1);
        if (empty) ++at;
        if (done && !command->all) break;
    }
    if (!done) return 0;
    if (at < end) append(&made, at, end - at);
    swap(&space, &made);
    if (command->print) put_line(&out, space.at, space.size);
    if (command->file != nil) put_line(command->file, space.at, space.size);
    return 1;
}

static void transliterate(const char* pairs) {
    made.size = 0;
    append(&made, "", 0);
    for (const char* at = space.at; at < space.at + space.size;) {
        Rune rune;
        const int size = chartorune(&rune, at);
        const char *from = at, *pair = pairs;
        usize taken = size;
        while (*pair != '\0') {
            Rune x, y;
            pair += chartorune(&x, pair);
            const int to_size = chartorune(&y, pair);
            if (x == rune) {
                from = pair;
                taken = to_size;
                break;
            }
            pair += to_size;
        }
        append(&made, from, taken);
        at += size;
    }
    swap(&space, &made);
}

static void append_file(const char* name) {
    char piece[512];
    const int fd = open(name, OREAD);
    if (fd < 0) return;  // as if it were empty
    for (long size; (size = read(fd, piece, sizeof piece)) > 0;) append(&after, piece, size);
    close(fd);
}

static void put_after(void) {
    Bwrite(&out, after.at, after.size);
    after.size = 0;
}

// The end of a cycle.
static void put_space(void) {
    if (!quiet) put_line(&out, space.at, space.size);
    put_after();
}

static usize first_line(void) {
    const char* newline = memchr(space.at, '\n', space.size);
    return newline != nil ? (usize)(newline - space.at) : space.size;
}

enum {
    kEnd,
    kNoPrint,
    kAgain
};  // how a cycle ends: as usual, without printing, without reading the next line

static int run(void) {
    int substituted = 0;
    for (int pc = 0; pc < command_count; ++pc) {
        Command* command = &commands[pc];
        if (selected(command) == command->negated) {
            if (command->what == '{') pc = command->target;
            continue;
        }
        switch (command->what) {
            case '=':
                Bprint(&out, "%lld\n", line_number);
                break;
            case 'a':
                append(&after, command->text, strlen(command->text));
                break;
            case 'b':
                pc = command->target;
                break;
            case 'c':
                if (!command->active || command->negated)
                    Bwrite(&out, command->text, strlen(command->text));
                return kNoPrint;
            case 'd':
                return kNoPrint;
            case 'D':
                if (first_line() == space.size) return kNoPrint;
                set(&made, space.at + first_line() + 1, space.size - first_line() - 1);
                swap(&space, &made);
                return kAgain;
            case 'g':
                set(&space, hold.at, hold.size);
                break;
            case 'G':
                append(&space, "\n", 1);
                append(&space, hold.at, hold.size);
                break;
            case 'h':
                set(&hold, space.at, space.size);
                break;
            case 'H':
                append(&hold, "\n", 1);
                append(&hold, space.at, space.size);
                break;
            case 'i':
                Bwrite(&out, command->text, strlen(command->text));
                break;
            case 'n':
                put_space();
                space.size = 0;
                if (!read_line()) return kNoPrint;
                break;
            case 'N':
                put_after();
                append(&space, "\n", 1);
                if (!read_line()) return kNoPrint;
                break;
            case 'p':
                put_line(&out, space.at, space.size);
                break;
            case 'P':
                put_line(&out, space.at, first_line());
                break;
            case 'q':
                quit = 1;
                return kEnd;
            case 'r':
                append_file(command->text);
                break;
            case 's':
                substituted |= substitute(command);
                break;
            case 't':
                if (substituted) pc = command->target;
                substituted = 0;
                break;
            case 'w':
                put_line(command->file, space.at, space.size);
                break;
            case 'x':
                swap(&space, &hold);
                break;
            case 'y':
                transliterate(command->text);
                break;
        }
    }
    return kEnd;
}

static void add_file(Text* script, const char* name) {
    char piece[512];
    const int fd = open(name, OREAD);
    if (fd < 0) sysfatal("cannot open %s: %r", name);
    for (long size; (size = read(fd, piece, sizeof piece)) > 0;) append(script, piece, size);
    close(fd);
    append(script, "\n", 1);
}

void main(int argc, char* argv[]) {
    Text script = {nil, 0, 0};
    int all = 0, given = 0;
    ARGBEGIN {
        case 'n':
            quiet = 1;
            break;
        case 'g':
            all = 1;
            break;
        case 'e': {
            char* text = EARGF(usage());
            append(&script, text, strlen(text));
            append(&script, "\n", 1);
            given = 1;
            break;
        }
        case 'f':
            add_file(&script, EARGF(usage()));
            given = 1;
            break;
        default:
            usage();
    }
    ARGEND
    if (!given) {
        if (argc == 0) usage();
        append(&script, argv[0], strlen(argv[0]));
        ++argv;
        --argc;
    }
    append(&space, "", 0);
    append(&hold, "", 0);
    append(&after, "", 0);
    Binit(&out, 1, OWRITE);
    parse_script(script.at, all);
    files = argv;
    file_count = argc;
    if (argc == 0) {
        Binit(&in, 0, OREAD);
        reading = 1;
    }
    int end = kEnd;
    while (!quit && (end == kAgain || (space.size = 0, read_line()))) {
        end = run();
        if (end == kEnd)
            put_space();
        else
            put_after();
    }
    if (Bflush(&out) < 0) sysfatal("write error: %r");
    exits(status);
}
