// A compiled regular expression: instructions whose targets are relative, so that a run of them can
// be moved.
#ifndef PROCYON_REGEX_H
#define PROCYON_REGEX_H

enum {
    kChar,   // the rune `x`
    kAny,    // any rune but newline
    kAnyNl,  // any rune
    kClass,  // one in `y` pairs from ranges[x]
    kNotClass,
    kBegin,  // ^
    kEnd,    // $
    kJump,   // go on at +x
    kSplit,  // go on at +x and at +y, rather the first
    kSave,   // the text is now at end x of the matches: 2n begins the nth, 2n + 1 ends it
    kMatch,
};

typedef struct {
    uchar kind;
    int x, y;
} Inst;

typedef struct {
    Rune first, last;
} Range;

// Where an attempt is, and what it matched so far.
typedef struct {
    int pc;
    const char* at[];  // 2 * matches
} Thread;

typedef struct {
    int count;
    uchar* threads;
} ThreadList;

struct Reprog {
    Inst* insts;
    Range* ranges;
    int count, range_count, matches, fold;
    // Of regexec(): two lists with room for a thread per instruction; when an instruction was last
    // put into one.
    int thread_size;
    ThreadList lists[2];
    uint* seen;
    uint step;
};

#endif
