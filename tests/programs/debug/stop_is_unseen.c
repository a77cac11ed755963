// Who is stopped while it waits in a call and let go on has not noticed: the call is made again, and waits no longer than it would have.
// What ended it otherwise still does.
#include "../check.h"

enum { kEcall = 0x73, kSleep = 17, kSemacquire = 37, kRendezvous = 34, kAwait = 47, kPread = 50, kPwrite = 51, kTsemacquire = 52, kPiece = 1000, kPieces = 200, kWait = 1000 };

typedef struct Shared Shared;
struct Shared {
    int ends[2];
    long semaphore;
    volatile vlong result;
    volatile vlong took; /* milliseconds */
};
static Shared* shared;
static char room[kPiece];

static vlong milliseconds(void) { return nsec() / 1000000; }

/* What the children wait in. Each says what it got. */

static void reads(void) { shared->result = read(shared->ends[0], room, sizeof room); }

static void writes(void) {
    for (int i = 0; i < kPieces; ++i) SAME(write(shared->ends[1], room, kPiece), kPiece);
}

static void sleeps(void) {
    const vlong begun = milliseconds();
    shared->result = sleep(kWait);
    shared->took = milliseconds() - begun;
}

static void meets(void) { shared->result = (vlong)rendezvous(&shared->semaphore, (void*)5); }

static void acquires(void) { shared->result = semacquire(&shared->semaphore, 1); }

static void tries(void) {
    const vlong begun = milliseconds();
    shared->result = tsemacquire(&shared->semaphore, kWait);
    shared->took = milliseconds() - begun;
}

static void awaits(void) {
    const int pid = fork();
    if (pid == 0) {
        read(shared->ends[0], room, 1);
        _exits("the end");
    }
    Waitmsg* const message = wait();
    if (message == nil) fail("await: %r");
    shared->result = message->pid == pid && strstr(message->msg, "the end") != nil;
}

static void waits_for(int pid, const char* state) {
    EVENTUALLY(strcmp(state_of(pid), state) == 0);
    sleep(2);
}

/* It stands in front of the instruction that makes call `number`. */
static void stands_before(int pid, uvlong number) {
    uvlong registers[35];
    uint instruction = 0;
    const int fd = process_file(pid, "regs", OREAD);
    SAME(read(fd, registers, sizeof registers), sizeof registers);
    close(fd);
    const int mem = process_file(pid, "mem", OREAD);
    // pc comes behind x1 .. x31.
    SAME(pread(mem, &instruction, 4, registers[31]), 4);
    close(mem);
    SAME(instruction, kEcall);
    SAME(registers[16], number);
}

static void stop_and_start(int pid, const char* state, uvlong number) {
    for (int i = 0; i < 3; ++i) {
        waits_for(pid, state);
        CHECK(control(pid, "stop") >= 0);
        SAME(strcmp(state_of(pid), "Stopped"), 0);
        stands_before(pid, number);
        CHECK(control(pid, "start") >= 0);
    }
    waits_for(pid, state);
}

static void nobody_notices(void) {
    int pid = child(reads);
    stop_and_start(pid, "Pread", kPread);
    SAME(write(shared->ends[1], "four", 4), 4);
    ENDS(pid, "");
    SAME(shared->result, 4);

    pid = child(writes);
    stop_and_start(pid, "Pwrite", kPwrite);
    // Nothing was written twice or lost.
    for (int i = 0; i < kPieces; ++i) SAME(read(shared->ends[0], room, kPiece), kPiece);
    ENDS(pid, "");
    Dir* const left = dirfstat(shared->ends[0]);
    SAME(left->length, 0);
    free(left);

    pid = rfork(RFPROC | RFFDG);  // not RFREND: it meets this one
    if (pid == 0) {
        meets();
        _exits("");
    }
    stop_and_start(pid, "Rendez", kRendezvous);
    SAME(rendezvous(&shared->semaphore, (void*)6), 5);
    ENDS(pid, "");
    SAME(shared->result, 6);

    pid = child(acquires);
    stop_and_start(pid, "Semacquire", kSemacquire);
    SAME(semrelease(&shared->semaphore, 1), 1);
    ENDS(pid, "");
    SAME(shared->result, 1);

    pid = child(awaits);
    stop_and_start(pid, "Await", kAwait);
    SAME(write(shared->ends[1], "x", 1), 1);
    ENDS(pid, "");
    SAME(shared->result, 1);
}

static void stop_for(int pid, const char* state, uvlong number, int time) {
    waits_for(pid, state);
    CHECK(control(pid, "stop") >= 0);
    stands_before(pid, number);
    sleep(time);
    CHECK(control(pid, "start") >= 0);
}

static void deadlines_stay(void) {
    int pid = child(sleeps);
    stop_for(pid, "Sleep", kSleep, 800);
    ENDS(pid, "");
    SAME(shared->result, 0);
    // It would be 1800 if it began anew.
    CHECK(shared->took >= kWait && shared->took < 1790);

    pid = child(tries);
    stop_for(pid, "Tsemacquire", kTsemacquire, 800);
    ENDS(pid, "");
    SAME(shared->result, 0);
    CHECK(shared->took >= kWait && shared->took < 1790);

    // Over before it goes on.
    pid = child(sleeps);
    stop_for(pid, "Sleep", kSleep, kWait + 100);
    ENDS(pid, "");
    SAME(shared->result, 0);
    CHECK(shared->took >= kWait + 100);
}

static void sleeps_for_ever(void) { shared->result = sleep(1 << 30); }

/* What a debugger changes in the registers makes another call of it. */
static void another_argument_is_another_call(void) {
    const int pid = child(sleeps_for_ever);
    waits_for(pid, "Sleep");
    CHECK(control(pid, "stop") >= 0);
    uvlong registers[35];
    const int fd = process_file(pid, "regs", ORDWR);
    SAME(pread(fd, registers, sizeof registers, 0), sizeof registers);
    SAME(registers[9], 1 << 30);
    registers[9] = 1;
    SAME(pwrite(fd, registers, sizeof registers, 0), sizeof registers);
    close(fd);
    CHECK(control(pid, "start") >= 0);
    ENDS(pid, "");
    SAME(shared->result, 0);
}

/* What a call would have read is not told as read before it has. */
static void what_is_watched_is_read_once(void) {
    const int pid = child(writes);
    waits_for(pid, "Pwrite");
    const int fd = process_file(pid, "watchpt", OWRITE | OTRUNC);
    char line[64];
    const int length = snprint(line, sizeof line, "r 0x%llux 0x8\n", (uvlong)room);
    SAME(write(fd, line, length), length);
    close(fd);
    stop_and_start(pid, "Pwrite", kPwrite);
    Dir* const full = dirfstat(shared->ends[0]);
    while (full->length > 0) full->length -= read(shared->ends[0], room, kPiece);
    free(full);
    ENDS(pid, "sys: watchpoint 0*");
    for (;;) {  // what it wrote meanwhile
        Dir* const left = dirfstat(shared->ends[0]);
        const int empty = left->length == 0;
        free(left);
        if (empty) return;
        CHECK(read(shared->ends[0], room, kPiece) > 0);
    }
}

static void reads_with_handler(void) {
    notify(count_notes);
    FAILS(read(shared->ends[0], room, 1), "interrupted");
    SAME(notes_seen, 1);
    // And the next is an ordinary one.
    SAME(read(shared->ends[0], room, 1), 1);
}

static void post(int pid, const char* text) {
    const int fd = process_file(pid, "note", OWRITE);
    CHECK(fd >= 0 && write(fd, text, strlen(text)) > 0);
    close(fd);
}

static int noted_one;

static void posts_soon(void) {
    waits_for(noted_one, "Pread");
    post(noted_one, "hello");
}

/* Lets it go on until it stops for a note, which is left or taken away. */
static void stop_for_a_note(int pid, int take_away) {
    noted_one = pid;
    waits_for(pid, "Pread");
    CHECK(control(pid, "stop") >= 0);
    const int poster = child(posts_soon);
    CHECK(control(pid, "startstop") >= 0);
    ENDS(poster, "");
    stands_before(pid, kPread);
    if (take_away) {
        char text[ERRMAX] = "";
        const int fd = process_file(pid, "note", OREAD);
        SAME(read(fd, text, sizeof text), sizeof "hello");
        close(fd);
        SAME(strcmp(text, "hello"), 0);
    }
    CHECK(control(pid, "start") >= 0);
}

static void reads_until_interrupted(void) { FAILS(read(shared->ends[0], room, 1), "interrupted"); }

static int reads_in_handler(void* registers, char* note) {
    USED(registers);
    if (strcmp(note, "hello") != 0) return 1;
    shared->result = read(shared->ends[0], room, 1);
    rerrstr(room, sizeof room);
    if (shared->result >= 0 || strcmp(room, "interrupted") != 0) fail("in a handler: %lld, %s", shared->result, room);
    return 1;
}

static void waits_to_read_in_handler(void) {
    atnotify(reads_in_handler, 1);
    sleep(1 << 30);
}

static void what_comes_meanwhile_ends_it(void) {
    // A note while it is stopped, which its handler meets as if it had waited.
    int pid = child(reads_with_handler);
    waits_for(pid, "Pread");
    CHECK(control(pid, "stop") >= 0);
    post(pid, "hello");
    CHECK(control(pid, "start") >= 0);
    waits_for(pid, "Pread");
    SAME(write(shared->ends[1], "x", 1), 1);
    ENDS(pid, "");

    // One that has to wait for the end of the handler ends a call of that.
    pid = child(waits_to_read_in_handler);
    waits_for(pid, "Sleep");
    post(pid, "hello");
    waits_for(pid, "Pread");
    CHECK(control(pid, "stop") >= 0);
    post(pid, "second");
    CHECK(control(pid, "start") >= 0);
    ENDS(pid, "");

    // The same where it stops for the note; unless that is taken away.
    pid = child(reads_with_handler);
    stop_for_a_note(pid, 1);
    stop_for_a_note(pid, 0);
    waits_for(pid, "Pread");
    SAME(write(shared->ends[1], "x", 1), 1);
    ENDS(pid, "");

    // One that is not handled ends the program.
    pid = child(reads_until_interrupted);
    waits_for(pid, "Pread");
    CHECK(control(pid, "stop") >= 0);
    post(pid, "bye");
    CHECK(control(pid, "start") >= 0);
    ENDS(pid, "bye");

    // `interrupt` ends a call, before, behind and between stops.
    pid = child(reads_until_interrupted);
    stop_and_start(pid, "Pread", kPread);
    CHECK(control(pid, "interrupt") >= 0);
    ENDS(pid, "");
    pid = child(reads_until_interrupted);
    waits_for(pid, "Pread");
    CHECK(control(pid, "stop") >= 0);
    CHECK(control(pid, "interrupt") >= 0);
    CHECK(control(pid, "start") >= 0);
    ENDS(pid, "");

    pid = child(reads_until_interrupted);
    waits_for(pid, "Pread");
    CHECK(control(pid, "stop") >= 0);
    CHECK(control(pid, "kill") >= 0);
    ENDS(pid, "Killed");
}

/* Whose debugger is stopped while it waits for it: it is let go on once. */
static int debugged;

static void lets_it_go_on(void) {
    shared->result = control(debugged, "startstop");
}

static void spins_and_posts(void) {
    for (;;) sleep(1000);
}

static void what_was_done_is_not_done_again(void) {
    debugged = child(spins_and_posts);
    waits_for(debugged, "Sleep");
    CHECK(control(debugged, "stop") >= 0);
    const int debugger = child(lets_it_go_on);
    waits_for(debugger, "Stopwait");
    CHECK(control(debugger, "stop") >= 0);
    post(debugged, "hello");
    EVENTUALLY(strcmp(state_of(debugged), "Stopped") == 0);
    CHECK(control(debugger, "start") >= 0);
    ENDS(debugger, "");
    // It was not let go on a second time.
    SAME(strcmp(state_of(debugged), "Stopped"), 0);
    CHECK(control(debugged, "kill") >= 0);
    ENDS(debugged, "Killed");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    shared = shared_memory(sizeof *shared);
    if (pipe(shared->ends) < 0) fail("pipe: %r");
    nobody_notices();
    deadlines_stay();
    another_argument_is_another_call();
    what_is_watched_is_read_once();
    what_comes_meanwhile_ends_it();
    what_was_done_is_not_done_again();
    exits("");
}
