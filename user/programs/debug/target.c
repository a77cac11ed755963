// The processes that are debugged: who they are, and how they come to be.
#include "parts.h"

Thread threads[kThreads];
int thread_count;
char* end_status;
int first_pid, is_child;

Thread* find_thread(int pid) {
    for (int i = 0; i < thread_count; ++i) {
        if (threads[i].pid == pid) return &threads[i];
    }
    return nil;
}

void drop_gone(void) {
    int left = 0;
    for (int i = 0; i < thread_count; ++i) {
        if (!threads[i].gone) threads[left++] = threads[i];
    }
    thread_count = left;
}

/* Calls visit for each that shares data with ours and is not known yet, with its line of
 * `threads`, until that returns other than 0. */
static int for_each_new(int (*visit)(int pid, char* line)) {
    static char text[kThreads * 64];
    for (int i = 0; i < thread_count; ++i) {
        if (read_text(threads[i].pid, "threads", text, sizeof text) <= 0) continue;
        for (char *line = text, *end; (end = strchr(line, '\n')) != nil; line = end + 1) {
            *end = '\0';
            const int pid = atoi(line);
            const int result = find_thread(pid) != nil ? 0 : visit(pid, line);
            if (result != 0) return result;
        }
        return 0; /* all of them list the same */
    }
    return 0;
}

static int take_in(int pid, char* line) {
    USED(line);
    if (thread_count == kThreads || control(pid, "stop") < 0) return 0;
    memset(&threads[thread_count], 0, sizeof threads[0]);
    threads[thread_count].running = 1;
    threads[thread_count++].pid = pid;
    return 1;
}

void take_in_new(void) {
    while (for_each_new(take_in)) continue;
}

void drop_strangers(void) {
    char text[kThreads * 64], *end;
    if (thread_count < 2) return;
    if (read_text(threads[0].pid, "threads", text, sizeof text) <= 0) return;
    for (int i = 1; i < thread_count; ++i) {
        threads[i].gone = 1;
        for (char* line = text; (end = strchr(line, '\n')) != nil; line = end + 1) {
            if (atoi(line) == threads[i].pid) threads[i].gone = 0;
        }
        if (threads[i].gone) control(threads[i].pid, "start");
    }
    drop_gone();
}

static int is_stopped(int pid, char* line) { return strstr(line, " Stopped ") != nil ? pid : 0; }
int find_stopped(void) { return for_each_new(is_stopped); }

void drop_ended(void) {
    for (int i = 0; i < thread_count; ++i) threads[i].gone = !is_there(threads[i].pid);
    drop_gone();
}

static void begin_with(int pid) {
    first_pid = pid;
    thread_count = 1;
    threads[0].pid = pid;
    threads[0].broken = strcmp(state_of(pid), "Broken") == 0;
}

int attach(int pid) {
    uvlong registers[kRegisters];
    if (!is_there(pid)) {
        werrstr("no such process");
        return -1;
    }
    /* Whose memory is nobody's to see is not stopped, either. */
    const int memory = process_file(pid, "mem", ORDWR);
    if (memory < 0) return -1;
    close(memory);
    if (program_of(pid)[0] == '\0') {
        werrstr("it runs no program");
        return -1;
    }
    const int was_stopped = strcmp(state_of(pid), "Stopped") == 0;
    if (stop_process(pid) < 0) return -1;
    if (read_registers(pid, registers) < 0) {
        char why[ERRMAX];
        rerrstr(why, sizeof why);
        if (!was_stopped) control(pid, "start");
        werrstr("%s", why);
        return -1;
    }
    begin_with(pid);
    take_in_new();
    return 0;
}

int launch(char* argv[]) {
    char* const name = strchr(argv[0], '/') == nil ? smprint("/bin/%s", argv[0]) : argv[0];
    if (name == nil || access(name, AEXEC) < 0) return -1;
    const int pid = rfork(RFPROC | RFFDG | RFNOTEG | RFSTOP);
    if (pid < 0) return -1;
    if (pid == 0) {
        exec(name, argv);
        sysfatal("%s: %r", argv[0]);
    }
    is_child = 1;
    first_pid = pid;
    if (control(pid, "hang") < 0 || control(pid, "start") < 0 || control(pid, "waitstop") < 0 ||
        control(pid, "nohang") < 0) {
        return -1;
    }
    begin_with(pid);
    return 0;
}
