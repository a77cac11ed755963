// lstk: the calls that processes are in, in user mode.
#include "debug/process.h"
#include "debug/stack.h"
#include "debug/symbols.h"

static const char* symbol_file;

static void usage(void) {
    fprint(2, "usage: lstk [-s file] pid ...\n\t-s the file that has the symbols\n");
    exits("usage");
}

/* A note that comes while one is stopped is met when that goes on again: stop_process() needs its
 * alarm, and who is stopped must not stay so. */
static int noted_meanwhile;
static int handle(void* registers, char* note) {
    USED(registers);
    noted_meanwhile |= strcmp(note, "alarm") != 0;
    return 1;
}

static int begins(const char* text, const char* with) {
    return strncmp(text, with, strlen(with)) == 0;
}

/* Whether it may change while it is looked at. Who waits in a call need not be stopped for that. */
static int runs(const char* state) {
    return begins(state, "Run") || begins(state, "Ready") || begins(state, "Sched");
}

static int complain(int pid, const char* what) {
    fprint(2, "lstk: %d: %s: %r\n", pid, what);
    return -1;
}

static int show_as_it_is(int pid, const char* state) {
    char args[256];
    uvlong before[kRegisters], after[kRegisters];
    if (read_registers(pid, before) < 0) return complain(pid, "can't read its registers");
    read_text(pid, "args", args, sizeof args);
    print("%d %s %s\n", pid, state, args);
    if (read_symbols(pid, symbol_file) <= 0) complain(pid, "no symbols");
    if (print_stack(pid) < 0) return complain(pid, "can't read its registers");
    if (read_registers(pid, after) < 0 || memcmp(before, after, sizeof before) != 0) {
        print("%d went on meanwhile\n", pid);
    }
    return 0;
}

static int show(int pid) {
    char state[16];
    if (!is_there(pid)) {
        fprint(2, "lstk: %d: no such process\n", pid);
        return -1;
    }
    const int memory = process_file(pid, "mem", OREAD);
    if (memory < 0) return complain(pid, "can't look at it");
    close(memory);
    if (program_of(pid)[0] == '\0') {
        fprint(2, "lstk: %d: it runs no program\n", pid);
        return -1;
    }
    strecpy(state, state + sizeof state, state_of(pid));
    if (!runs(state)) return show_as_it_is(pid, state);
    if (stop_process(pid) < 0) return complain(pid, "can't stop it");
    const int result = show_as_it_is(pid, state);
    return control(pid, "start") < 0 ? complain(pid, "can't start it") : result;
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
    if (argc == 0) usage();
    atnotify(handle, 1);
    int failed = 0;
    for (int i = 0; i < argc && !noted_meanwhile; ++i) {
        char* end;
        const int pid = strtol(argv[i], &end, 10);
        if (*end != '\0' || pid <= 0) {
            fprint(2, "lstk: %q is no pid\n", argv[i]);
            failed = 1;
        } else {
            failed |= show(pid) < 0;
        }
    }
    exits(noted_meanwhile ? "interrupted" : failed ? "some could not be shown" : "");
}
