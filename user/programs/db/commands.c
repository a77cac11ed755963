// The commands: a row each, from which help is printed and arguments are counted.
#include "db.h"

typedef struct Row Row;
struct Row {
    const char *name, *arguments;
    int least, most; /* how many arguments */
    Command* obey;
    const char* what;
};

static Command help_command;

/* The first row that begins with the word is meant. */
static const Row rows[] = {
    {"break", "[place]", 0, 1, break_command, "stop there; alone: list what stops it"},
    {"watch", "place [size [r|w|rw]]", 1, 3, watch_command, "stop behind a store (or load) there"},
    {"delete", "place|all", 1, 1, delete_command, "stop there no more"},
    {"continue", "", 0, 0, continue_command, "go on until something stops it"},
    {"step", "[count]", 0, 1, step_command, "one instruction, or so many"},
    {"next", "", 0, 0, next_command, "one instruction, with all that it calls"},
    {"until", "place", 1, 1, until_command, "go on to there"},
    {"regs", "", 0, 0, registers_command, "registers"},
    {"fregs", "", 0, 0, floats_command, "floating-point registers, as bits"},
    {"set", "register value", 2, 2, set_command, "also register = value"},
    {"x", "place [count [size]]", 1, 3, x_command, "integers in memory"},
    {"bytes", "place [count]", 1, 2, bytes_command, "bytes in memory"},
    {"string", "place", 1, 1, string_command, "a text in memory"},
    {"write", "place value [size]", 2, 3, write_command, "an integer to memory"},
    {"stack", "", 0, 0, stack_command, "who called; ? marks what may be left from earlier calls"},
    {"sym", "place", 1, 1, sym_command, "the name of an address"},
    {"addr", "name", 1, 1, addr_command, "the addresses of a name"},
    {"notes", "", 0, 0, notes_command, "notes that it is to meet when it goes on"},
    {"drop", "", 0, 0, drop_command, "the note that stopped it is not met"},
    {"threads", "[pid]", 0, 1, threads_command, "who shares its data; look at that one"},
    {"maps", "", 0, 0, maps_command, "what its memory shows"},
    {"segments", "", 0, 0, segments_command, "the segments of its memory"},
    {"kill", "", 0, 0, kill_command, "end it"},
    {"detach", "", 0, 0, detach_command, "let it go on alone, and leave; so does the end of input"},
    {"quit", "", 0, 0, quit_command, "leave it stopped"},
    {"help", "", 0, 0, help_command, "this"},
};

static void help_command(int argc, char* argv[]) {
    USED(argc);
    USED(argv);
    for (const Row* row = rows; row < rows + nelem(rows); ++row) {
        print("%-9s%-23s%s\n", row->name, row->arguments, row->what);
    }
    print(
        "A place or value is made of numbers, registers and symbols with + and -: main+0x10.\n"
        "A command may be cut short: c. Ctrl-C stops the program.\n");
}

static const Row* find_row(const char* word) {
    for (const Row* row = rows; row < rows + nelem(rows); ++row) {
        if (strncmp(row->name, word, strlen(word)) == 0) return row;
    }
    return nil;
}

/* Whether a line is NAME = VALUE: what stands before the sign is a register, or one word without a
 * blank behind it. Then the sign is made a blank. */
static int is_assignment(char* line) {
    char name[16];
    while (*line == ' ' || *line == '\t') ++line;
    const usize length = strcspn(line, " \t=");
    char* const equals = line + length + strspn(line + length, " \t");
    if (length == 0 || *equals != '=') return 0;
    snprint(name, sizeof name, "%.*s", (int)length, line);
    if (equals > line + length && register_number(name) < 0) return 0;
    *equals = ' ';
    return 1;
}

void obey(char* line) {
    enum { kMostWords = 5 };
    char* words[kMostWords];
    char set[] = "set";
    const int assigns = is_assignment(line);
    words[0] = set;
    const int count = tokenize(line, words + 1, kMostWords - 1) + 1;
    char** const argv = assigns ? words : words + 1;
    const int argc = assigns ? count : count - 1;
    if (argc == 0) return;
    const Row* const row = find_row(argv[0]);
    if (row == nil) {
        complain("no command %q: help lists them", argv[0]);
    } else if (argc - 1 < row->least || argc - 1 > row->most) {
        complain("usage: %s%s%s", row->name, row->arguments[0] == '\0' ? "" : " ", row->arguments);
    } else {
        row->obey(argc, argv);
    }
}
