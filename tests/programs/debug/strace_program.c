// The program strace: all the calls of a pipeline of the shell, none missing; a tracer that is killed
// leaves what it traced running.
#include <bio.h>

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
    // Nobody traces any more.
    char text[256];
    const int fd = open("/proc/tracepids", OREAD);
    SAME(read(fd, text, sizeof text), 0);
    close(fd);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    follow_a_pipeline();
    kill_the_tracer();
    exits("");
}
