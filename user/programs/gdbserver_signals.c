// Why a thread stopped, in gdb's numbers of signals; and the notes that those stand for.
#include "gdbserver.h"

enum {
    kHup = 1,
    kInt = 2,
    kIll = 4,
    kTrap = 5,
    kAbort = 6,
    kBus = 10,
    kSegv = 11,
    kSys = 12,
    kPipe = 13,
    kAlarm = 14,
    kTerm = 15,
    kUsr1 = 30,
};

static const struct {
    const char* note;
    int signal;
} signals[] = {
    {"sys: breakpoint", kTrap},
    {"sys: watchpoint", kTrap},
    {"sys: trap: illegal", kIll},
    {"sys: trap: bus", kBus},
    {"sys: odd address", kBus},
    {"sys: trap: fault", kSegv},
    {"sys: bad address", kSegv},
    {"sys: write on closed pipe", kPipe},
    {"sys: bad sys call", kSys},
    {"interrupt", kInt},
    {"hangup", kHup},
    {"alarm", kAlarm},
    {"term", kTerm},
};

static int signal_of_note(const char* note) {
    for (ulong i = 0; i < nelem(signals); ++i) {
        if (strncmp(note, signals[i].note, strlen(signals[i].note)) == 0) return signals[i].signal;
    }
    return kUsr1;
}

int signal_of(const Thread* thread) {
    switch (thread->reason) {
        case kNoReason:
            return 0;
        case kBroken:
            return kAbort;
        case kAsked:
            return kInt;
        case kNote:
            return signal_of_note(thread->note);
        default:
            return kTrap;
    }
}

const char* note_of(const Thread* thread, int signal) {
    if (signal == 0) return nil;
    if (signal == signal_of(thread) && thread->note[0] != '\0') return thread->note;
    for (ulong i = 0; i < nelem(signals); ++i) {
        if (signals[i].signal == signal) return signals[i].note;
    }
    return "sys: signal";
}
