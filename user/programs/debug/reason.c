// Why a thread stopped: by its notes and by where it is.
#include "parts.h"

enum { kNotes = 5 };

static int begins(const char* text, const char* with) {
    return strncmp(text, with, strlen(with)) == 0;
}

static void describe(Thread* thread) {
    thread->reason = begins(thread->note, "sys: breakpoint")   ? kBreakpoint
                     : begins(thread->note, "sys: watchpoint") ? kWatched
                                                               : kNote;
    thread->watched = 0;
    if (thread->reason != kWatched) return;
    int number = atoi(thread->note + strlen("sys: watchpoint "));
    for (int i = 0; i < kPoints; ++i) {
        if (points[i].type >= '2' && number-- == 0) thread->watched = points[i].at;
    }
}

/* Why it stopped, by the notes that it was to meet: a watched access, which has been made, or else
 * what is no breakpoint, as that is met again. Those that are not taken are met when it goes on. */
static void take_note(Thread* thread) {
    char notes[kNotes][ERRMAX];
    int count = 0, chosen = 0;
    thread->note[0] = '\0';
    thread->reason = kNoReason;
    thread->reported = 0;
    for (; count < kNotes; ++count) {
        const long size = read_file(thread->pid, "note", notes[count], ERRMAX - 1, 0);
        if (size <= 0) break;
        notes[count][size] = '\0';
    }
    if (count == 0) {
        if (thread->broken) thread->reason = kBroken;
        return;
    }
    for (int i = count - 1; i >= 0; --i) {
        if (!begins(notes[i], "sys: breakpoint")) chosen = i;
    }
    for (int i = 0; i < count; ++i) {
        if (begins(notes[i], "sys: watchpoint")) chosen = i;
    }
    for (int i = 0; i < count; ++i) {
        if (i == chosen || begins(notes[i], "sys: breakpoint")) continue;
        write_file(thread->pid, "note", notes[i], strlen(notes[i]), 0);
    }
    strecpy(thread->note, thread->note + ERRMAX, notes[chosen]);
    describe(thread);
}

/* Whether it stopped where a step leads. */
static int has_stepped(Thread* thread) {
    uvlong registers[kRegisters];
    const int met_another = thread->reason != kNoReason && thread->reason != kBreakpoint;
    if (!thread->steps || met_another) return 0;
    if (read_registers(thread->pid, registers) < 0) return 0;
    for (int i = 0; i < thread->step_count; ++i) {
        if (thread->step_at[i] == registers[kPc]) return 1;
    }
    return 0;
}

/* Whether it met a breakpoint that is not for it: one that stopped another first, which it
 * meets again as it stands there still, or one that another's step leads to. */
static int is_not_for_it(Thread* thread, int another_stopped) {
    uvlong registers[kRegisters];
    if (read_registers(thread->pid, registers) < 0) return 0;
    for (int i = 0; i < kPoints; ++i) {
        if (points[i].type == '0' && points[i].at == registers[kPc]) return another_stopped;
    }
    return is_inserted(registers[kPc]);
}

Thread* find_reasons(int pid) {
    for (int i = 0; i < thread_count; ++i) {
        if (threads[i].running) take_note(&threads[i]);
    }
    Thread* told = nil;
    for (int i = 0; i < thread_count; ++i) {
        Thread* it = &threads[i];
        if (!it->running) continue;
        if (has_stepped(it)) {
            it->reason = kStepped;
        } else if (it->reason == kBreakpoint && is_not_for_it(it, it->pid != pid)) {
            it->reason = kNoReason;
        }
        /* What the debugger asked for is not the program's to meet. */
        if (begins(it->note, "sys: breakpoint") || it->reason == kWatched) it->note[0] = '\0';
        if (it->reason != kNoReason && (told == nil || it->pid == pid)) told = it;
    }
    return told;
}
