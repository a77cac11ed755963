// sed: reads scripts.
#include <bio.h>
#include <libc.h>
#include <regexp.h>
#include <procyon.h>

#include "sed.h"

enum { kDepth = 20 };

Command* commands;
int command_count;

static const char* at;    // in the script
static const char* line;  // where the command began, for complaints
static int substitute_all;
static int open_braces[kDepth], depth;

static void fail(const char* what) {
    int size = 0;
    while (line[size] != '\0' && line[size] != '\n') ++size;
    sysfatal("%s: %.*s", what, utflen(line) < size ? utflen(line) : size, line);
}

static void skip_blanks(void) {
    while (*at == ' ' || *at == '\t') ++at;
}

// What stands before the next `delimiter`. A \ before the delimiter goes away, and \n becomes a
// newline where `newlines`.
static char* delimited(Rune delimiter, int newlines) {
    char* text = emalloc(strlen(at) + 1);
    char* to = text;
    for (;;) {
        Rune rune;
        if (*at == '\0' || *at == '\n') fail("command garbled");
        const int size = chartorune(&rune, at);
        if (rune == delimiter) {
            at += size;
            *to = '\0';
            return text;
        }
        if (rune == '\\' && at[1] != '\0') {
            Rune escaped;
            const int escaped_size = chartorune(&escaped, at + 1);
            if (escaped == delimiter) {
                to += runetochar(to, &escaped);
            } else if (escaped == 'n' && newlines) {
                *to++ = '\n';
            } else {
                *to++ = '\\';
                to += runetochar(to, &escaped);
            }
            at += 1 + escaped_size;
            continue;
        }
        memcpy(to, at, size);
        to += size;
        at += size;
    }
}

static Rune take_delimiter(void) {
    Rune delimiter;
    at += chartorune(&delimiter, at);
    if (delimiter == '\0' || delimiter == '\n' || delimiter == '\\') fail("command garbled");
    return delimiter;
}

// nil for an empty one.
static Reprog* take_regexp(Rune delimiter) {
    char* text = delimited(delimiter, 1);
    Reprog* prog = *text != '\0' ? regcomp(text) : nil;
    if (prog == nil && *text != '\0') sysfatal("%r: %s", text);
    free(text);
    return prog;
}

static Address take_address(void) {
    Address address = {kNone, 0, nil};
    if (*at == '$') {
        ++at;
        address.kind = kLast;
    } else if (isdigit(*at)) {
        char* end;
        address.kind = kLineNumber;
        address.line = strtoll(at, &end, 10);
        at = end;
    } else if (*at == '/' || *at == '\\') {
        if (*at == '\\') ++at;
        address.kind = kMatching;
        address.prog = take_regexp(take_delimiter());
    }
    return address;
}

// The rest of the line: a file's name or a label.
static char* take_name(void) {
    skip_blanks();
    const char* end = at;
    while (*end != '\0' && *end != '\n') ++end;
    char* name = emalloc(end - at + 1);
    strecpy(name, name + (end - at) + 1, at);
    at = end;
    return name;
}

// What a, c and i print: the following line, and further ones where each but the last ends with \.
static char* take_text(void) {
    skip_blanks();
    if (*at == '\\') {
        ++at;
        skip_blanks();
        if (*at == '\n') ++at;
    }
    char* text = emalloc(strlen(at) + 2);
    char* to = text;
    for (; *at != '\0' && *at != '\n'; ++at) {
        if (*at == '\\' && at[1] != '\0') ++at;
        *to++ = *at;
    }
    *to++ = '\n';
    *to = '\0';
    return text;
}

// The files of w and of s///w: one of each name.
static Biobuf* take_file(void) {
    static struct {
        char* name;
        Biobuf* file;
    } files[16];
    static uint count;
    char* name = take_name();
    if (*name == '\0') fail("no file name");
    for (uint i = 0; i < count; ++i) {
        if (strcmp(files[i].name, name) == 0) return files[i].file;
    }
    if (count == nelem(files)) fail("too many files");
    Biobuf* file = Bopen(name, OWRITE);
    if (file == nil) sysfatal("cannot open %s: %r", name);
    files[count].name = name;
    files[count++].file = file;
    return file;
}

// A replacement may go on on the next line, behind a \.
static char* take_replacement(Rune delimiter) {
    char* text = emalloc(strlen(at) + 1);
    char* to = text;
    for (;;) {
        Rune rune;
        if (*at == '\0' || *at == '\n') fail("command garbled");
        int size = chartorune(&rune, at);
        if (rune == delimiter) break;
        if (rune == '\\' && at[1] != '\0') size = 1 + chartorune(&rune, at + 1);
        memcpy(to, at, size);
        to += size;
        at += size;
    }
    at += runelen(delimiter);
    *to = '\0';
    return text;
}

static void take_substitution(Command* command) {
    const Rune delimiter = take_delimiter();
    command->prog = take_regexp(delimiter);
    command->text = take_replacement(delimiter);
    command->all = substitute_all;
    for (;; ++at) {
        if (*at == 'g') {
            command->all = 1;
        } else if (*at == 'p') {
            command->print = 1;
        } else if (*at == 'w') {
            ++at;
            command->file = take_file();
            return;
        } else {
            return;
        }
    }
}

// y/abc/xyz/ as the text axbycz.
static char* take_transliteration(void) {
    const Rune delimiter = take_delimiter();
    char* from = delimited(delimiter, 1);
    char* to = delimited(delimiter, 1);
    char* pairs = emalloc(strlen(from) + strlen(to) + 1);
    char* end = pairs;
    const char *a = from, *b = to;
    while (*a != '\0' && *b != '\0') {
        Rune x, y;
        if (*a == '\\' && a[1] == '\\') ++a;
        if (*b == '\\' && b[1] == '\\') ++b;
        a += chartorune(&x, a);
        b += chartorune(&y, b);
        end += runetochar(end, &x);
        end += runetochar(end, &y);
    }
    if (*a != '\0' || *b != '\0') fail("texts of different length");
    *end = '\0';
    free(from);
    free(to);
    return pairs;
}

static void take_arguments(Command* command) {
    switch (command->what) {
        case 'a':
        case 'c':
        case 'i':
            command->text = take_text();
            break;
        case 'b':
        case 't':
        case ':':
        case 'r':
            command->text = take_name();
            break;
        case 'w':
            command->file = take_file();
            break;
        case 's':
            take_substitution(command);
            break;
        case 'y':
            command->text = take_transliteration();
            break;
        case '{':
            if (depth == kDepth) fail("too many {");
            open_braces[depth++] = command - commands;
            break;
        case '}':
            if (depth == 0) fail("too many }");
            commands[open_braces[--depth]].target = command - commands;
            break;
        case '=':
        case 'd':
        case 'D':
        case 'g':
        case 'G':
        case 'h':
        case 'H':
        case 'n':
        case 'N':
        case 'p':
        case 'P':
        case 'q':
        case 'x':
            break;
        default:
            fail("unrecognized command");
    }
}

static void take_command(void) {
    line = at;
    commands = erealloc(commands, (command_count + 1) * sizeof *commands);
    Command* command = &commands[command_count++];
    memset(command, 0, sizeof *command);
    command->from = take_address();
    skip_blanks();
    if (*at == ',') {
        if (command->from.kind == kNone) fail("no address before ,");
        ++at;
        skip_blanks();
        command->to = take_address();
        if (command->to.kind == kNone) fail("no address after ,");
        skip_blanks();
    }
    for (; *at == '!' || *at == ' ' || *at == '\t'; ++at) command->negated |= *at == '!';
    if (*at == '\0' || *at == '\n') fail("no command");
    command->what = *at++;
    if (command->to.kind != kNone && strchr("=aiqr", command->what) != nil)
        fail("only one address allowed");
    take_arguments(command);
    skip_blanks();
    if (command->what == '{') return;
    if (*at != '\0' && *at != '\n' && *at != ';' && *at != '}') fail("command garbled");
}

static void find_labels(void) {
    for (Command* jump = commands; jump < commands + command_count; ++jump) {
        if (jump->what != 'b' && jump->what != 't') continue;
        jump->target = *jump->text == '\0' ? command_count : -1;
        for (int i = 0; i < command_count && jump->target < 0; ++i) {
            if (commands[i].what == ':' && strcmp(commands[i].text, jump->text) == 0)
                jump->target = i;
        }
        if (jump->target < 0) sysfatal("undefined label: %s", jump->text);
    }
}

void parse_script(const char* script, int all) {
    at = script;
    substitute_all = all;
    for (;;) {
        while (*at == ' ' || *at == '\t' || *at == '\n' || *at == ';') ++at;
        if (*at == '\0') break;
        if (*at == '#') {
            while (*at != '\0' && *at != '\n') ++at;
            continue;
        }
        take_command();
    }
    if (depth > 0) sysfatal("too many {");
    find_labels();
}
