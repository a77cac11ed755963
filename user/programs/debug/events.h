// What happens while processes run: it comes over one pipe, whoever tells it.
#ifndef PROCYON_DEBUG_EVENTS_H
#define PROCYON_DEBUG_EVENTS_H

#include <libc.h>

typedef struct Event Event;
struct Event {
    char kind; /* 'g': bytes for the debugger, 'h': no more of them, 's': `pid` stopped or ended,
                  'm': a mark, 't': some time has passed */
    uchar count;
    short unused;
    int pid;
    uchar bytes[56];
};

/* Before any other. From then on time passes. What comes of kinds 'g' and 'h' is given to `take`,
 * which may be nil. */
int begin_events(void (*take)(const Event*));
void end_events(void);
/* Makes a process that sends events until it ends, and does nothing else. */
int fork_sender(void (*work)(void*), void* argument);
void send_event(Event);
/* A note is as if time passed. */
Event next_event(void);
/* Until all that was sent so far has been taken or is forgotten. */
void forget_events(void);

#endif
