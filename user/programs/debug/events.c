// The pipe of events, and who sends them.
#include "events.h"

static int pipe_fds[2];
static int ticker;
static void (*taker)(const Event*);

void send_event(Event event) { write(pipe_fds[1], &event, sizeof event); }

int fork_sender(void (*work)(void*), void* argument) {
    const int pid = fork();
    if (pid != 0) return pid;
    close(pipe_fds[0]); /* when nobody reads any more, writing ends it */
    work(argument);
    _exits("");
}

/* New threads say nothing: one looks for them. */
static void tick(void* argument) {
    USED(argument);
    for (;;) {
        sleep(50);
        send_event((Event){.kind = 't'});
    }
}

int begin_events(void (*take)(const Event*)) {
    taker = take;
    if (pipe(pipe_fds) < 0) return -1;
    ticker = fork_sender(tick, nil);
    return ticker < 0 ? -1 : 0;
}

void end_events(void) {
    if (ticker > 0) postnote(PNPROC, ticker, "kill");
    ticker = 0;
}

Event next_event(void) {
    Event event;
    const long size = read(pipe_fds[0], &event, sizeof event);
    if (size != sizeof event) return (Event){.kind = 't'};
    if (taker != nil && (event.kind == 'g' || event.kind == 'h')) taker(&event);
    return event;
}

void forget_events(void) {
    send_event((Event){.kind = 'm'});
    while (next_event().kind != 'm') continue;
}
