// startsyscall stops a program where its calls begin and end; `syscall` tells them in 9front's words.
#include "../check.h"

static char line[1024];
static char* after_pc;  // the arguments in `line`
static int traced;

/* Lets it go on to the next stop, and reads what `syscall` says. */
static void step(void) {
    char name[64];
    SAME(control(traced, "startsyscall"), 0);
    snprint(name, sizeof name, "/proc/%d/syscall", traced);
    const int fd = open(name, OREAD);
    const long n = read(fd, line, sizeof line - 1);
    CHECK(fd >= 0 && n >= 0);
    line[n] = '\0';
    close(fd);
}

/* It is at the beginning of this call. */
static void expect_call(const char* call, const char* ending) {
    char start[64];
    step();
    const int length = snprint(start, sizeof start, "%d call_lines %s ", traced, call);
    if (strncmp(line, start, length) != 0) fail("not %s: %s", call, line);
    for (after_pc = line + length; *after_pc != ' '; ++after_pc) {
        if (strchr("0123456789abcdef", *after_pc) == nil) fail("pc: %s", line);
    }
    const char* end = line + strlen(line) - strlen(ending);
    if (end < line || strcmp(end, ending) != 0) fail("not ...%s: %s", ending, line);
}

/* It is at its end: these words, then two times. */
static void expect_result(const char* start) {
    step();
    if (strncmp(line, start, strlen(start)) != 0) fail("not %s...: %s", start, line);
    char* rest = line + strlen(start);
    const vlong begin = strtoll(rest, &rest, 10);
    const vlong end = strtoll(rest, &rest, 10);
    if (begin <= 0 || end < begin || strcmp(rest, "\n") != 0) fail("times: %s", line);
}

static void make_calls(void) {
    char data[80];
    const int fd = open("/suite/call_lines", OREAD);
    read(fd, data, 4);
    write(fd, "two words\n", 10);
    open(nil, 0x41);
    getpid();
    raw_call(63, (uvlong[6]){0});
    const int pid = rfork(RFPROC | RFFDG | RFNOWAIT);
    if (pid == 0) _exits("child");
    char* words[] = {"/no/such", "a b", nil};
    exec("/no/such", words);
    errstr(data, sizeof data);
    _exits("done");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    traced = rfork(RFPROC | RFFDG | RFSTOP);
    if (traced == 0) make_calls();
    CHECK(traced > 0);
    SAME(control(traced, "waitstop"), 0);

    expect_call("Open", "/\"/suite/call_lines\" 0x0");
    char fd[8];
    step();
    CHECK(strncmp(line, " = ", 3) == 0);
    snprint(fd, sizeof fd, " %d", atoi(line + 3));
    expect_call("Pread", " 4 -1");
    CHECK(strncmp(after_pc, fd, strlen(fd)) == 0);
    step();
    CHECK(strstr(line, "/\".ELF\" 4 -1 = 4 \"\" ") != nil);
    expect_call("Pwrite", "/\"two.words.\" 10 -1");
    expect_result(" = -1 inappropriate use of fd ");
    expect_call("Open", " 0/\"\" 0x41");
    step();
    CHECK(strncmp(line, " = -1 bad arg in system call", 28) == 0);
    EVENTUALLY(strcmp(state_of(traced), "Stopped") == 0);
    // The bad pointer posted a note, which would be its end.
    char name[64], note[128];
    snprint(name, sizeof name, "/proc/%d/note", traced);
    const int notes = open(name, OREAD);
    CHECK(read(notes, note, sizeof note) > 0 && strncmp(note, "sys: bad address", 16) == 0);
    expect_call("Getpid", " ");
    snprint(note, sizeof note, " = %d \"\" ", traced);
    expect_result(note);
    expect_call("huh?", " ");
    expect_result(" = -1 bad arg in system call ");
    CHECK(read(notes, note, sizeof note) > 0 && strncmp(note, "sys: bad sys call", 17) == 0);
    close(notes);
    expect_call("Rfork", " 0x54");
    step();
    CHECK(strncmp(line, " = ", 3) == 0);
    const int born = atoi(line + 3);
    expect_call("Exec", "/\"a b\"");
    expect_result(" = 0xffffffffffffffff file does not exist: '/no' ");
    expect_call("Errstr", " 80");
    step();
    CHECK(strstr(line, "/\"file does not exist: '/no'\" 80 = 0 \"\" ") != nil);
    expect_call("Exits", "/\"done\"");
    // The child of a traced process is traced.
    EVENTUALLY(strcmp(state_of(born), "Stopped") == 0);
    SAME(control(born, "start"), 0);
    SAME(control(traced, "start"), 0);
    ENDS(traced, "done");
    exits("");
}
