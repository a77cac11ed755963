// sed's program: what parsing makes of scripts and running follows.
#ifndef SED_H
#define SED_H

enum { kNone, kLineNumber, kLast, kMatching };

typedef struct {
    int kind;
    vlong line;
    Reprog* prog;  // nil: the last one that was used
} Address;

typedef struct {
    Address from, to;
    int negated, active;  // within from,to
    int what;             // the command's letter; 0: there is none at this place
    int target;           // {: where its } is; b t: where its label is
    Reprog* prog;         // s, as in Address
    char* text;  // a c i: text; s: replacement; y: which rune becomes which; r: file; b t : label
    int all, print;  // s: flags g and p
    Biobuf* file;    // s w
} Command;

extern Command* commands;
extern int command_count;

void parse_script(const char* script, int all);

#endif
