// The program strace: all the calls of a pipeline of the shell, none missing; a tracer that is killed
// or interrupted leaves what it traced running; what it counts; what it says of wrong arguments.
#include <bio.h>
#include <ctype.h>

#include "../check.h"

static Biobuf records;

/* Executes the words with `out` as descriptors 1 and 2, and without these two. */
static int run(int out, char* words[], int without, int nor) {
    const int pid = fork();
    if (pid == 0) {
        dup(out, 1);
        dup(out, 2);
        close(out);
        close(without);
        close(nor);
        exec(words[0], words);
        _exits("exec");
    }
    CHECK(pid > 0);
    return pid;
}

static void follow_a_pipeline(void) {
    enum { kMost = 64 };
    int pids[kMost], open_calls[kMost], known = 0;
    int pipes[2];
    CHECK(pipe(pipes) == 0);
    char* words[] = {"/bin/strace", "-frv", "/bin/rc", "-c", "ls / | wc > /dev/null", nil};
    const int pid = run(pipes[1], words, pipes[0], -1);
    close(pipes[1]);
    Binit(&records, pipes[0], OREAD);
    int begins = 0, ends = 0, dropped = 0, exits_seen = 0, told = 0;
    for (char* line; (line = Brdline(&records, '\n')) != nil;) {
        line[Blinelen(&records) - 1] = '\0';
        if (line[0] == 'D') dropped += atoi(line + 2);
        if (line[0] == 't') {
            char end[64];
            snprint(end, sizeof end, "traced %d dropped %d", begins + dropped, dropped);
            if (strcmp(line, end) != 0) fail("not %s: %s", end, line);
            ++told;
        }
        if (line[0] != 'E' && line[0] != 'X') continue;
        char* at = line + 2;
        const int number = strtol(at, &at, 10);
        strtoll(at, &at, 10);
        const int who = strtol(at, &at, 10);
        int i = 0;
        while (i < known && pids[i] != who) ++i;
        if (i == known) {
            CHECK(known < kMost);
            pids[known] = who;
            open_calls[known++] = 0;
        }
        if (line[0] == 'E') {
            // A process is in one call at a time.
            if (open_calls[i] != 0) fail("%d is in call %d: %s", who, open_calls[i], line);
            open_calls[i] = number;
            ++begins;
            if (strstr(line, " exits(") != nil) {
                ++exits_seen;
                open_calls[i] = 0;
            }
        } else {
            if (open_calls[i] != number) fail("%d is in call %d, not: %s", who, open_calls[i], line);
            open_calls[i] = 0;
            ++ends;
        }
    }
    close(pipes[0]);
    SAME(told, 1);
    // rc, ls and wc at least; each process ended by its own call.
    CHECK(known >= 3);
    SAME(exits_seen, known);
    SAME(begins - ends, exits_seen);
    CHECK(begins > 30);
    SAME(dropped, 0);
    ENDS(pid, "");
}

static int is_anybody_traced(void) {
    char text[256];
    const int fd = open("/proc/tracepids", OREAD);
    const long size = read(fd, text, sizeof text);
    close(fd);
    CHECK(size >= 0);
    return size != 0;
}

/* What is traced ends when it has made a call for each byte that comes. */
static void kill_the_tracer(void) {
    int pipes[2], out[2];
    CHECK(pipe(pipes) == 0 && pipe(out) == 0);
    char name[32];
    snprint(name, sizeof name, "/fd/%d", pipes[0]);
    char* words[] = {"/bin/strace", "/bin/cat", name, nil};
    const int tracer = run(out[1], words, out[0], pipes[1]);
    close(pipes[0]);
    close(out[1]);
    Binit(&records, out[0], OREAD);
    // It has read the first byte; which it writes before or after that is told.
    CHECK(write(pipes[1], "1", 1) == 1);
    char* line;
    while ((line = Brdline(&records, '\n')) != nil) {
        line[Blinelen(&records) - 1] = '\0';
        if (strstr(line, "pread(") != nil && strstr(line, "/\"1\"") != nil) break;
    }
    CHECK(line != nil);
    SAME(control(tracer, "kill"), 0);
    ENDS(tracer, "Killed");
    CHECK(write(pipes[1], "234\n", 4) == 4);
    // cat goes on, and writes what it reads.
    int written = 0;
    while (!written && (line = Brdline(&records, '\n')) != nil) {
        line[Blinelen(&records) - 1] = '\0';
        written = strcmp(line, "234") == 0 || strcmp(line, "1234") == 0;
    }
    CHECK(written);
    close(pipes[1]);
    while (Brdline(&records, '\n') != nil) continue;
    close(out[0]);
    CHECK(!is_anybody_traced());
}

static void sleeps_often(void) {
    for (;;) sleep(10);
}

/* The next line that a tracer says, without its end; nil: it has ended. */
static char* next_line(void) {
    char* const line = Brdline(&records, '\n');
    if (line != nil) line[Blinelen(&records) - 1] = '\0';
    return line;
}

/* What it counts is told when it is interrupted: most calls first, and all of them in the last line. */
static void interrupt_the_tracer(void) {
    int out[2];
    char pid[16], *word[4], *line;
    const int traced = child(sleeps_often);
    CHECK(pipe(out) == 0);
    snprint(pid, sizeof pid, "%d", traced);
    char* words[] = {"/bin/strace", "-cp", pid, nil};
    const int tracer = run(out[1], words, out[0], -1);
    close(out[1]);
    Binit(&records, out[0], OREAD);
    EVENTUALLY(is_anybody_traced());
    sleep(500);
    CHECK(postnote(PNPROC, tracer, "interrupt") == 0);
    CHECK((line = next_line()) != nil && strstr(line, "calls") != nil);
    vlong sum = 0, last = 1 << 30, total = -1;
    while ((line = next_line()) != nil && tokenize(line, word, 4) == 4 && isdigit(word[0][0])) {
        const vlong calls = atoll(word[1]);
        if (strcmp(word[3], "total") == 0) {
            total = calls;
            continue;
        }
        CHECK(total < 0 && calls <= last && calls > 0);
        last = calls;
        sum += calls;
    }
    SAME(total, sum);
    CHECK(sum > 0);
    // What it says last is who goes on.
    if (line == nil || strcmp(line, "strace:") != 0) fail("not who goes on: %s", line);
    CHECK(next_line() == nil);
    close(out[0]);
    ENDS(tracer, "");
    CHECK(!is_anybody_traced());
    SAME(control(traced, "kill"), 0);
    ENDS(traced, "Killed");
}

static int matches(const char* line, const char* wanted) {
    const usize length = strlen(wanted);
    if (wanted[length - 1] == '*') return strncmp(line, wanted, length - 1) == 0;
    return strcmp(line, wanted) == 0;
}

/* The words, and all the lines that are said, in any order; one that ends with * is a beginning. */
static void says(char* words[], const char* const lines[]) {
    int out[2], wanted = 0, said = 0, ended;
    CHECK(pipe(out) == 0);
    const int pid = run(out[1], words, out[0], -1);
    close(out[1]);
    Binit(&records, out[0], OREAD);
    while (lines[wanted] != nil) ++wanted;
    for (char* line; (line = next_line()) != nil; ++said) {
        int i = 0;
        while (i < wanted && !matches(line, lines[i])) ++i;
        if (i == wanted) fail("%s says: %s", words[1], line);
    }
    SAME(said, wanted);
    close(out[0]);
    while ((ended = waitpid()) != pid) CHECK(ended > 0);
}

#define WORDS(...) ((char*[]){"/bin/strace", __VA_ARGS__, nil})
#define LINES(...) ((const char*[]){__VA_ARGS__, nil})

static void what_it_says(void) {
    says(WORDS("-p", "foo"), LINES("/bin/strace: foo is no pid"));
    says(WORDS("-p", "99999999"), LINES("/bin/strace: 99999999: no such process"));
    says(WORDS("-p", "1"), LINES("/bin/strace: 1: it runs no program"));
    says(WORDS("nosuch"), LINES("/bin/strace: nosuch: file does not exist: '/bin/nosuch'"));
    // The command's first call is what makes it the command, and nothing is its own without that.
    says(WORDS("-e", "exec,brk,exits", "sleep", "0"), LINES("exec(*", "exits(*"));
    says(WORDS("/broken/empty"), LINES("exec(*", "/bin/strace: /broken/empty: *"));
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    follow_a_pipeline();
    kill_the_tracer();
    interrupt_the_tracer();
    what_it_says();
    exits("");
}
