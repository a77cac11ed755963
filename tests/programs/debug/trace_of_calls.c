// strace: what a process calls, as it begins and ends, with markers, sets, one reader, and its own end.
#include <bio.h>

#include "../check.h"

static Biobuf records;

/* The next record is `kind`, of `pid`, and after its hart comes this, up to a *. */
static char* expect(int kind, int pid, const char* what) {
    static char line[600];
    char* read_line = Brdline(&records, '\n');
    CHECK(read_line != nil);
    read_line[Blinelen(&records) - 1] = '\0';
    snprint(line, sizeof line, "%s", read_line);
    char* at = line + 2;
    if (line[0] != kind) fail("not %c: %s", kind, line);
    strtoll(at, &at, 10);
    if (strtoll(at, &at, 10) <= 0) fail("time: %s", line);
    if (strtoll(at, &at, 10) != pid) fail("pid: %s", line);
    strtoll(at, &at, 10);
    const char* star = strchr(what, '*');
    const ulong length = star == nil ? strlen(at + 1) : (ulong)(star - what);
    if (strncmp(at + 1, what, length) != 0 || (star == nil && what[length] != '\0'))
        fail("not %s: %s", what, line);
    return at + 1;
}

/* The next record is all this. */
static void expect_line(const char* what) {
    char* line = Brdline(&records, '\n');
    CHECK(line != nil);
    line[Blinelen(&records) - 1] = '\0';
    if (strcmp(line, what) != 0) fail("not %s: %s", what, line);
}

static void make_calls(void) {
    char data[80];
    const int fd = open("/suite/trace_of_calls", OREAD);
    read(fd, data, 4);
    open("/no/such", OREAD);
    open("line\nbreak", OREAD);
    getpid();
    sleep(0);
    close(fd);
    raw_call(63, (uvlong[6]){0});
    _exits("done");
}

static void expect_set(int pid, const char* set, const char* reads) {
    char text[1000];
    const int fd = process_file(pid, "straceset", ORDWR);
    CHECK(fd >= 0);
    CHECK(write(fd, set, strlen(set)) >= 0);
    const long n = pread(fd, text, sizeof text - 1, 0);
    CHECK(n >= 0);
    text[n] = '\0';
    if (strcmp(text, reads) != 0) fail("set %s: %s", set, text);
    close(fd);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    const int pid = rfork(RFPROC | RFFDG | RFSTOP);
    if (pid == 0) make_calls();
    CHECK(pid > 0);
    SAME(control(pid, "waitstop"), 0);
    FAILS(process_file(pid, "strace", OREAD), "tracing not enabled: '*");
    FAILS(control(pid, "straceoff"), "tracing not enabled*");
    FAILS(control(pid, "strace_drop on"), "tracing not enabled*");
    SAME(control(pid, "straceme"), 0);
    FAILS(control(pid, "straceme"), "already being traced*");
    FAILS(control(pid, "strace_drop maybe"), "bad arg in system call*");
    expect_set(pid, "none", "");
    expect_set(pid, "set sched -sleep", "rendezvous\nsemacquire\nsemrelease\ntsemacquire\n");
    expect_set(pid, "-sched +read +fork", "rfork\npread\n");
    const int set = process_file(pid, "straceset", OWRITE);
    FAILS(write(set, "none frob", 9), "bad arg in system call: no call or set 'frob'*");
    close(set);
    expect_set(pid, "", "rfork\npread\n");
    expect_set(pid, "mem life", "exec\nexits\nsegbrk\nrfork\nbrk_\nsegattach\nsegdetach\nsegfree\nsegflush\nawait\n");
    const int all = process_file(pid, "straceset", OWRITE);
    SAME(write(all, "all -close", 10), 10);
    close(all);
    FAILS(process_file(pid, "strace", OWRITE) < 0 ? -1 : write(process_file(pid, "strace", OWRITE), "early", 5),
          "tracing not enabled*");
    const int fd = process_file(pid, "strace", OREAD);
    CHECK(fd >= 0);
    FAILS(process_file(pid, "strace", OREAD), "already being traced: '*");
    Binit(&records, fd, OREAD);
    const int marks = process_file(pid, "strace", OWRITE);
    CHECK(marks >= 0);
    SAME(write(marks, "begin\n", 6), 6);
    FAILS(write(marks, "two\nlines", 9), "bad arg in system call*");
    char text[600];
    memset(text, 'x', sizeof text);
    FAILS(write(marks, text, sizeof text), "read or write too large*");
    expect_line("M begin");
    SAME(control(pid, "start"), 0);
    expect('E', pid, "open(0x*");
    const int opened = atoi(expect('X', pid, "open = *") + 7);
    char* call = expect('E', pid, "pread(*");
    SAME(atoi(call + 6), opened);
    call = expect('X', pid, "pread = 4 *");
    CHECK(strstr(call, " \"\"  0x") != nil && strstr(call, "/\".ELF\" 4 -1") != nil);
    call = expect('E', pid, "open(0x*");
    CHECK(strstr(call, "/\"/no/such\" 0x0)") != nil);
    call = expect('X', pid, "open = -1 *");
    CHECK(strstr(call, " \"file does not exist: '/no'\"") != nil);
    call = expect('E', pid, "open(0x*");
    CHECK(strstr(call, "/\"line.break\" 0x0)") != nil);
    expect('X', pid, "open = -1 *");
    expect('E', pid, "getpid()");
    snprint(text, sizeof text, "getpid = %d *", pid);
    expect('X', pid, text);
    expect('E', pid, "sleep(0)");
    expect('X', pid, "sleep = 0 *");
    // close is not in the set.
    expect('E', pid, "?()");
    expect('X', pid, "? = -1 *");
    // That call was its end: a note came of it.
    expect_line("traced 7 dropped 0");
    SAME(read(fd, text, 1), 0);
    ENDS(pid, "sys: bad sys call*");
    close(fd);
    FAILS(write(marks, "late", 4), "tracing not enabled*");
    close(marks);
    exits("");
}
