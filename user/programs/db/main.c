// db: a debugger for a person at the console. All it does to processes goes through /proc.
#include <ctype.h>

#include "../debug/events.h"
#include "db.h"

int over;

static const char* symbol_file;
static char program[128]; /* whose symbols are known */
static int chosen;
static volatile int asked, leaving;

static void usage(void) {
    fprint(2,
           "usage: db [-s file] pid\n"
           "       db [-s file] program [argument ...]\n"
           "\t-s the file that has the symbols\n");
    exits("usage");
}

/* stop_process() needs its alarm. Who ends db with a note finds the program as after `detach`. */
static int handle(void* registers, char* note) {
    USED(registers);
    if (strcmp(note, "alarm") == 0) return 1;
    if (strncmp(note, "sys:", 4) == 0) return 0;
    asked = 1;
    leaving |= strcmp(note, "interrupt") != 0;
    return 1;
}

int is_asked(void) { return asked; }

Thread* current(void) {
    Thread* const it = find_thread(chosen);
    return it != nil || thread_count == 0 ? it : &threads[0];
}
void choose(int pid) { chosen = pid; }

void complain(const char* format, ...) {
    char text[2 * ERRMAX];
    va_list list;
    va_start(list, format);
    vsnprint(text, sizeof text, format, list);
    va_end(list);
    fprint(2, "db: %s\n", text);
}

void look_at_program(void) {
    const char* const now = program_of(current()->pid);
    if (strcmp(now, program) == 0) return;
    if (program[0] != '\0') {
        print("it executes %s now: breakpoints and watched data are forgotten\n", now);
        for (int i = 0; i < kPoints; ++i) points[i].type = 0;
        symbol_file = nil;
    }
    strecpy(program, program + sizeof program, now);
    if (read_symbols(current()->pid, symbol_file) > 0) return;
    if (symbol_file == nil)
        complain("only addresses, no names: %r");
    else
        complain("only addresses, no names: %s: %r", symbol_file);
}

/* The next line of descriptor 0, without its end, in a static buffer; nil: there is none. What is
 * longer than the buffer comes in pieces. */
static char* read_line(int prompts) {
    static char text[1024], line[sizeof text + 1];
    static int size;
    for (;;) {
        char* const end = memchr(text, '\n', size);
        if (end != nil || size == sizeof text) {
            const int length = end == nil ? size : end - text;
            const int taken = end == nil ? size : length + 1;
            memcpy(line, text, length);
            line[length] = '\0';
            memmove(text, text + taken, size -= taken);
            return line;
        }
        if (prompts && size == 0) print("db> ");
        asked = 0;
        const long count = read(0, text + size, sizeof text - size);
        if (leaving || count == 0 || (count < 0 && !was_interrupted())) return nil;
        if (count > 0) size += count;
        if (count < 0) size = 0; /* Ctrl-C gives up a line */
        if (count < 0 && prompts) print("\n");
    }
}

static int is_console(int fd) {
    char name[64];
    if (fd2path(fd, name, sizeof name) < 0) return 0;
    const char* const last = strrchr(name, '/');
    return last != nil && strcmp(last, "/cons") == 0;
}

static int is_number(const char* text) {
    while (isdigit(*text)) ++text;
    return *text == '\0';
}

void main(int argc, char* argv[]) {
    ARGBEGIN {
        case 's':
            symbol_file = EARGF(usage());
            break;
        default:
            usage();
    }
    ARGEND
    if (argc == 0 || argv[0][0] == '\0') usage();
    atnotify(handle, 1);
    const int attaches = is_number(argv[0]);
    if (attaches && argc > 1) usage();
    if (attaches ? attach(atoi(argv[0])) < 0 : launch(argv) < 0) {
        sysfatal("can't %s %s: %r", attaches ? "attach to" : "begin", argv[0]);
    }
    choose(threads[0].pid);
    threads[0].reason = threads[0].broken ? kBroken : kAsked;
    atexit(end_events);
    if (begin_events(nil) < 0) {
        complain("can't wait for it: %r");
        detach_command(0, nil);
        exits("no events");
    }
    look_at_program();
    report(current());
    const int prompts = is_console(0);
    while (!over) {
        char* const line = read_line(prompts);
        asked = 0;
        drop_ended();
        if (thread_count == 0) {
            report_end();
            break;
        }
        if (line == nil || leaving)
            detach_command(0, nil);
        else
            obey(line);
        drop_ended();
        if (!over && thread_count == 0) {
            report_end();
            break;
        }
    }
    exits("");
}
