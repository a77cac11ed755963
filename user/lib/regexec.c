// regexec(): all ways to match are followed at once, rune by rune; no text makes it slow.
//
// A list holds each instruction at most once, threads that began earlier before those that began
// later. So the first thread to reach an instruction is the one to keep, and the first to reach
// kMatch began leftmost.
#include <libc.h>
#include <regexp.h>

#include "regex.h"

typedef struct {
    Reprog* prog;
    const char *begin, *end;
    int ends;  // how many of Thread::at are kept: 2 for each match asked for
} Matcher;

static Thread* thread(const Reprog* prog, const ThreadList* list, int index) {
    return (Thread*)(list->threads + (usize)index * prog->thread_size);
}

static int fold(int rune) { return rune < Runeself ? tolower(rune) : rune; }

static int in_ranges(const Reprog* prog, const Inst* inst, Rune rune) {
    for (int i = 0; i < inst->y; ++i) {
        const Range* range = &prog->ranges[inst->x + i];
        if (range->first <= rune && rune <= range->last) return 1;
    }
    return 0;
}

static int in_class(const Reprog* prog, const Inst* inst, Rune rune) {
    if (in_ranges(prog, inst, rune)) return 1;
    if (!prog->fold || rune >= Runeself) return 0;
    return in_ranges(prog, inst, tolower(rune)) || in_ranges(prog, inst, toupper(rune));
}

static int accepts(const Reprog* prog, const Inst* inst, int rune) {
    switch (inst->kind) {
        case kChar:
            return inst->x == rune || (prog->fold && fold(inst->x) == fold(rune));
        case kAny:
            return rune != '\n';
        case kAnyNl:
            return 1;
        case kClass:
            return in_class(prog, inst, rune);
        default:
            return !in_class(prog, inst, rune);
    }
}

// Nothing was put into a list in this step yet.
static void begin_step(Reprog* prog) {
    if (++prog->step != 0) return;
    memset(prog->seen, 0, prog->count * sizeof *prog->seen);
    prog->step = 1;
}

// Adds to `list` all that follows pc without a rune, for a thread with these ends.
static void add(const Matcher* matcher, ThreadList* list, int pc, const char** ends,
                const char* at) {
    Reprog* prog = matcher->prog;
    for (;;) {
        if (prog->seen[pc] == prog->step) return;
        prog->seen[pc] = prog->step;
        const Inst* inst = &prog->insts[pc];
        switch (inst->kind) {
            case kJump:
                pc += inst->x;
                continue;
            case kSplit:
                add(matcher, list, pc + inst->x, ends, at);
                pc += inst->y;
                continue;
            case kBegin:
                if (at != matcher->begin && at[-1] != '\n') return;
                ++pc;
                continue;
            case kEnd:
                if (at != matcher->end && *at != '\n') return;
                ++pc;
                continue;
            case kSave: {
                if (inst->x >= matcher->ends) {
                    ++pc;
                    continue;
                }
                const char* before = ends[inst->x];
                ends[inst->x] = at;
                add(matcher, list, pc + 1, ends, at);
                ends[inst->x] = before;
                return;
            }
            default: {
                Thread* added = thread(prog, list, list->count++);
                added->pc = pc;
                memcpy(added->at, ends, matcher->ends * sizeof *ends);
                return;
            }
        }
    }
}

// The next place where a match can begin: for one that must begin with a byte that is itself.
static const char* skip(const Reprog* prog, const char* at, const char* end) {
    const Inst* first = &prog->insts[0];
    if (first->kind != kChar || first->x >= Runeself || prog->fold) return at;
    const char* found = memchr(at, first->x, end - at);
    return found != nil ? found : end;
}

static int next_rune(const char* at, const char* end, int* size) {
    Rune rune = Runeerror;
    *size = 1;
    if (fullrune(at, end - at)) *size = chartorune(&rune, at);
    return rune;
}

// Runs the threads of `list` on the rune at `at`. Those behind one that has matched and began later
// are dropped.
static int step(Matcher* matcher, ThreadList* list, ThreadList* next, const char* at, int size,
                int rune, const char** best) {
    Reprog* prog = matcher->prog;
    int matched = 0;
    begin_step(prog);
    next->count = 0;
    for (int i = 0; i < list->count; ++i) {
        Thread* now = thread(prog, list, i);
        const Inst* inst = &prog->insts[now->pc];
        if (best[0] != nil && now->at[0] > best[0]) break;
        if (inst->kind == kMatch) {
            memcpy(best, now->at, matcher->ends * sizeof *best);
            best[1] = at;
            matched = 1;
        } else if (size > 0 && accepts(prog, inst, rune)) {
            add(matcher, next, now->pc + 1, now->at, at + size);
        }
    }
    return matched;
}

int regexec(Reprog* prog, const char* text, Resub* match, int room) {
    const char* at = text;
    const char* end = nil;
    if (room > 0 && match[0].sp != nil) at = match[0].sp;
    if (room > 0) end = match[0].ep;
    if (end == nil) end = at + strlen(at);
    const int matches = room < 1 ? 1 : room < prog->matches ? room : prog->matches;
    Matcher matcher = {prog, text, end, 2 * matches};
    const char *best[2 * NSUBEXP] = {nil}, *fresh[2 * NSUBEXP] = {nil};
    ThreadList *list = &prog->lists[0], *next = &prog->lists[1];
    list->count = 0;
    begin_step(prog);
    for (;;) {
        if (best[0] == nil) {
            if (list->count == 0) at = skip(prog, at, end);
            fresh[0] = at;
            add(&matcher, list, 0, fresh, at);
        } else if (list->count == 0) {
            break;
        }
        int size = 0, rune = 0;
        if (at < end) rune = next_rune(at, end, &size);
        if (step(&matcher, list, next, at, size, rune, best) && room < 1) return 1;
        if (at == end) break;
        at += size;
        ThreadList* done = list;
        list = next;
        next = done;
    }
    for (int i = 0; i < room; ++i) {
        const int there = best[0] != nil && i < matches;
        match[i].sp = there ? best[2 * i] : nil;
        match[i].ep = there ? best[2 * i + 1] : nil;
    }
    return best[0] != nil;
}
