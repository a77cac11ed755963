// strace: shows the calls of programs as they make them, from /proc/n/strace.
#include <bio.h>
#include <libc.h>

#include "debug/process.h"

enum { kProcesses = 256, kNames = 80, kLine = 512, kLastMs = 500, kAgainMs = 100 };

/* A call that has begun, of one process. */
typedef struct Begun Begun;
struct Begun {
    int pid;
    char text[kLine];
};

/* What -c counts of a call. */
typedef struct Count Count;
struct Count {
    char name[16];
    ulong calls;
    ulong errors;
    vlong nanos;
};

static Begun* begun[kProcesses];
static Count counts[kNames];
static Biobuf* out;
static int follows, drops, raw, summary, clock_times, verbose;

static void usage(void) {
    fprint(2,
           "usage: strace [-cdfrtv] [-e set] [-o file] command [argument ...]\n"
           "       strace [-cdfrtv] [-e set] [-o file] -p pid\n"
           "\t-c count calls\t-d drop rather than wait\t-f follow children\t-r records as they are\n"
           "\t-t times in nanoseconds\t-v say at the end how many calls there were\n"
           "\tset: calls, sets (path fd file mem life note sched self), with - what is left out\n"
           "\tCtrl-C ends the tracing; -c then counts what was seen, and the process of -p goes on\n");
    exits("usage");
}

/* What is traced is not left in a trace that nobody reads, nor a child that never starts. */
static int unread, child;
static void give_up(const char* what) {
    char why[ERRMAX];
    rerrstr(why, sizeof why);
    if (unread != 0) {
        const int fd = process_file(unread, "ctl", OWRITE);
        if (fd >= 0) fprint(fd, child != 0 ? "kill" : "straceoff");
    }
    sysfatal("%s: %s", what, why);
}

static void tell(int pid, const char* file, const char* text) {
    const int fd = process_file(pid, file, OWRITE);
    if (fd < 0 || write(fd, text, strlen(text)) < 0) give_up(text);
    close(fd);
}

/* Ends read_records(). A note that comes before a read ends nothing, so an alarm follows. */
static volatile int is_noted;
static int handle_note(void* registers, char* note) {
    USED(registers);
    if (strncmp(note, "sys:", 4) == 0) return 0;
    is_noted = 1;
    alarm(kAgainMs);
    return 1;
}

/* The place of what `pid` has begun, or a free one; nil: there is none. */
static Begun** find(int pid) {
    Begun** free = nil;
    for (int i = 0; i < kProcesses; ++i) {
        if (begun[i] != nil && begun[i]->pid == pid) return &begun[i];
        if (begun[i] == nil && free == nil) free = &begun[i];
    }
    return free;
}

static void show(int pid, char* text, char* result) {
    if (summary) return;
    if (follows) Bprint(out, "%d ", pid);
    Bprint(out, "%s%s\n", text, result);
}

/* The words before the call: kind number time pid hart. Gives what follows; nil: not that many. */
static char* after_words(char* line, int words) {
    while (words-- > 0) {
        line = strchr(line, ' ');
        if (line == nil) return nil;
        ++line;
    }
    return line;
}

static void count(char* name, int length, int failed, vlong nanos) {
    for (int i = 0; i < kNames; ++i) {
        Count* it = &counts[i];
        if (it->name[0] == '\0') snprint(it->name, sizeof it->name, "%.*s", length, name);
        if (strlen(it->name) != (ulong)length || strncmp(it->name, name, length) != 0) continue;
        ++it->calls;
        it->errors += failed;
        it->nanos += nanos;
        return;
    }
}

static void call_begins(char* line) {
    char* rest = after_words(line, 5);
    const int pid = atoi(after_words(line, 3));
    Begun** place = find(pid);
    if (place == nil) return show(pid, rest, " = ?");
    if (*place == nil) *place = malloc(sizeof **place);
    if (*place == nil) sysfatal("%r");
    (*place)->pid = pid;
    snprint((*place)->text, sizeof(*place)->text, "%s", rest);
    if (clock_times) {
        const vlong at = atoll(after_words(line, 2));
        snprint((*place)->text, sizeof(*place)->text, "%lld %s", at, rest);
    }
    /* It does not return. */
    if (strncmp(rest, "exits(", 6) == 0) {
        count("exits", 5, 0, 0);
        show(pid, (*place)->text, "");
        free(*place);
        *place = nil;
    }
}

/* name = result duration "error" data */
static void call_ends(char* line) {
    char* name = after_words(line, 5);
    char* equals = strstr(name, " = ");
    char* duration = equals == nil ? nil : after_words(equals + 3, 1);
    char* quote = duration == nil ? nil : strchr(duration, '"');
    if (quote == nil) return;
    const int pid = atoi(after_words(line, 3));
    const int fine = quote[1] == '"';
    // It is made again, or ended by a note that its process meets first.
    const int again = strncmp(quote, "\"restart\"", 9) == 0;
    if (!again) count(name, equals - name, !fine, atoll(duration));
    char result[kLine];
    char* at = seprint(result, result + sizeof result, " = %.*s", (int)(duration - 1 - (equals + 3)),
                       equals + 3);
    if (!fine) at = seprint(at, result + sizeof result, " %s", quote);
    if (fine && quote[2] != '\0') at = seprint(at, result + sizeof result, "%s", quote + 2);
    if (clock_times) seprint(at, result + sizeof result, " <%lld>", atoll(duration));
    Begun** place = find(pid);
    if (place == nil || *place == nil) {
        char text[32];
        snprint(text, sizeof text, "%.*s(...)", (int)(equals - name), name);
        return show(pid, text, result);
    }
    show(pid, (*place)->text, result);
    free(*place);
    *place = nil;
}

/* The first call of a child that we made is the exec by which it becomes the command. When that
 * failed, what follows is not the command's. */
static int is_ours(char* line) {
    static enum { kUnknown, kCommand, kFailed } whose;
    if (child == 0 || (line[0] != 'E' && line[0] != 'X')) return 0;
    if (atoi(after_words(line, 3)) != child) return 0;
    if (whose == kUnknown && line[0] == 'X') {
        const int failed = strncmp(after_words(line, 5), "exec = -1 ", 10) == 0;
        whose = failed ? kFailed : kCommand;
        return 0;
    }
    return whose == kFailed;
}

static void handle(char* line) {
    if (raw) {
        Bprint(out, "%s\n", line);
    } else if (is_ours(line)) {
        return;
    } else if (line[0] == 'E') {
        call_begins(line);
    } else if (line[0] == 'X') {
        call_ends(line);
    } else if (line[0] == 'D') {
        Bprint(out, "(%s calls dropped)\n", line + 2);
    } else if (line[0] == 'M') {
        Bprint(out, "(%s)\n", line + 2);
    } else if (verbose || strstr(line, "dropped 0") == nil) {
        Bprint(out, "%s\n", line);
    }
}

/* Most calls first. */
static int compare_counts(const void* a, const void* b) {
    const Count *x = a, *y = b;
    if (x->calls != y->calls) return x->calls < y->calls ? 1 : -1;
    return strcmp(x->name, y->name);
}

static void print_count(const Count* it) {
    Bprint(out, "%12lld %8ud %8ud  %s\n", it->nanos, it->calls, it->errors, it->name);
}

static void print_counts(void) {
    Count total = {.name = "total"};
    qsort(counts, kNames, sizeof counts[0], compare_counts);
    Bprint(out, "%12s %8s %8s  call\n", "nanoseconds", "calls", "errors");
    for (int i = 0; i < kNames && counts[i].calls != 0; ++i) {
        print_count(&counts[i]);
        total.calls += counts[i].calls;
        total.errors += counts[i].errors;
        total.nanos += counts[i].nanos;
    }
    print_count(&total);
}

/* A child that waits to be started, and becomes the command: by its first call. */
static int launch(char* argv[]) {
    char* const name = strchr(argv[0], '/') == nil ? smprint("/bin/%s", argv[0]) : argv[0];
    if (name == nil || access(name, AEXEC) < 0) sysfatal("%s: %r", argv[0]);
    const int pid = rfork(RFPROC | RFFDG | RFSTOP);
    if (pid < 0) sysfatal("rfork: %r");
    if (pid > 0) return pid;
    exec(name, argv);
    sysfatal("%s: %r", argv[0]);
}

/* The process of -p, which must execute a program. */
static int find_process(const char* text) {
    char* end;
    const int pid = strtol(text, &end, 10);
    if (*end != '\0' || pid <= 0) sysfatal("%q is no pid", text);
    if (!is_there(pid)) sysfatal("%d: no such process", pid);
    const int maps = process_file(pid, "maps", OREAD);
    if (maps < 0) sysfatal("%d: can't look at it: %r", pid);
    close(maps);
    if (program_of(pid)[0] == '\0') sysfatal("%d: it runs no program", pid);
    return pid;
}

/* Whether the trace has ended; a note is the other reason to return. */
static int read_records(int trace) {
    static Biobuf records;
    char* line;
    Binit(&records, trace, OREAD);
    while (!is_noted && (line = Brdline(&records, '\n')) != nil) {
        line[Blinelen(&records) - 1] = '\0';
        handle(line);
        if (!summary) Bflush(out);
    }
    alarm(0);
    return !is_noted;
}

static void trace_calls(int pid, const char* set) {
    tell(pid, "ctl", follows ? "straceall" : "straceme");
    unread = pid;
    if (drops) tell(pid, "ctl", "strace_drop on");
    if (set != nil) tell(pid, "straceset", set);
    const int trace = process_file(pid, "strace", OREAD | OCEXEC);
    if (trace < 0) give_up("strace");
    if (child != 0) tell(pid, "ctl", "start");
    int ended = read_records(trace);
    if (!ended && child != 0) {
        /* The command may have had the note too: what it does then is shown. */
        is_noted = 0;
        alarm(kLastMs);
        ended = read_records(trace);
    }
    close(trace);
    for (int i = 0; i < kProcesses; ++i) {
        if (begun[i] != nil) show(begun[i]->pid, begun[i]->text, " = ?");
    }
    if (summary) print_counts();
    Bflush(out);
    if (!ended && is_there(pid)) fprint(2, "strace: %d goes on and is not traced any more\n", pid);
}

void main(int argc, char* argv[]) {
    char *set = nil, *file = nil;
    const char* process = nil;
    ARGBEGIN {
        case 'c': summary = 1; break;
        case 'd': drops = 1; break;
        case 'e': set = EARGF(usage()); break;
        case 'f': follows = 1; break;
        case 'o': file = EARGF(usage()); break;
        case 'p': process = EARGF(usage()); break;
        case 'r': raw = 1; break;
        case 't': clock_times = 1; break;
        case 'v': verbose = 1; break;
        default: usage();
    } ARGEND
    if ((process == nil) == (argc == 0) || (raw && summary)) usage();
    /* 'a,-b' for the shells to whom blanks are more trouble. */
    for (char* at = set; at != nil && *at != '\0'; ++at) {
        if (*at == ',') *at = ' ';
    }
    int fd = 2;
    if (file != nil) {
        fd = create(file, OWRITE | OCEXEC, 0666);
        if (fd < 0) sysfatal("%s: %r", file);
    }
    static Biobuf buffer;
    Binit(&buffer, fd, OWRITE);
    out = &buffer;
    atnotify(handle_note, 1);
    const int pid = process != nil ? find_process(process) : launch(argv);
    if (process == nil) unread = child = pid;
    trace_calls(pid, set);
    if (process != nil) exits("");
    Waitmsg* message;
    do {
        message = wait();
    } while (message != nil && message->pid != pid);
    exits(message == nil ? "interrupted" : message->msg);
}
