// Several stop, start, trace and end the same processes at once: each call ends, and all come to an end.
#include "../check.h"

enum { kTargets = 3, kDebuggers = 4, kSteps = 20 };
static int targets[kTargets];

static void calls(void) {
    for (;;) sleep(0);
}

static void debugs(void) {
    static const char* messages[] = {"stop", "start", "startstop", "startsyscall", "interrupt", "hang", "nohang", "waitstop"};
    unsigned draw = getpid() * 2654435761u;
    for (int step = 0; step < kSteps; ++step) {
        draw = draw * 1664525u + 1013904223u;
        const char* message = messages[(draw >> 20) % nelem(messages)];
        // Waits that nobody would end are ended by the alarm.
        alarm(20);
        control(targets[(draw >> 10) % kTargets], message);
        alarm(0);
    }
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    notify(count_notes);
    for (int round = 0; round < 2; ++round) {
        int debuggers[kDebuggers];
        for (int i = 0; i < kTargets; ++i) targets[i] = child(calls);
        for (int i = 0; i < kDebuggers; ++i) debuggers[i] = child(debugs);
        sleep(100);
        for (int i = 0; i < kTargets; ++i) SAME(control(targets[i], "kill"), 0);
        for (int i = 0; i < kTargets; ++i) ENDS(targets[i], "Killed");
        for (int i = 0; i < kDebuggers; ++i) ENDS(debuggers[i], "");
    }
    exits("");
}
