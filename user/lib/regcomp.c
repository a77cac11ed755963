// regcomp(): recursive descent; each part of an expression becomes a run of instructions that falls
// out at its end.
#include <libc.h>
#include <regexp.h>

#include "regex.h"

typedef struct {
    Reprog* prog;
    const char* at;
    int any, room, range_room;
    const char* wrong;
} Parser;

static int alternatives(Parser*);

static int fail(Parser* parser, const char* why) {
    if (parser->wrong == nil) parser->wrong = why;
    return 0;
}

// Makes room for one instruction at `at`, before those that are there.
static int insert(Parser* parser, int at, Inst inst) {
    Reprog* prog = parser->prog;
    if (prog->count == parser->room) {
        parser->room = 2 * parser->room + 16;
        Inst* more = realloc(prog->insts, parser->room * sizeof *more);
        if (more == nil) return fail(parser, "out of memory");
        prog->insts = more;
    }
    memmove(prog->insts + at + 1, prog->insts + at, (prog->count - at) * sizeof *prog->insts);
    prog->insts[at] = inst;
    ++prog->count;
    return 1;
}

static int emit(Parser* parser, int kind, int x, int y) {
    return insert(parser, parser->prog->count, (Inst){kind, x, y});
}

static int add_range(Parser* parser, Rune first, Rune last) {
    Reprog* prog = parser->prog;
    if (last < first) return fail(parser, "malformed '[]'");
    if (prog->range_count == parser->range_room) {
        parser->range_room = 2 * parser->range_room + 16;
        Range* more = realloc(prog->ranges, parser->range_room * sizeof *more);
        if (more == nil) return fail(parser, "out of memory");
        prog->ranges = more;
    }
    prog->ranges[prog->range_count++] = (Range){first, last};
    return 1;
}

// A rune of a class, where \ takes the meaning from what follows.
static int class_rune(Parser* parser, Rune* rune) {
    if (*parser->at == '\\') ++parser->at;
    if (*parser->at == '\0') return fail(parser, "malformed '[]'");
    parser->at += chartorune(rune, parser->at);
    return 1;
}

static int character_class(Parser* parser) {
    const int first = parser->prog->range_count;
    const int negated = *parser->at == '^';
    // What is not in a set is still on this line.
    if (negated && (++parser->at, !add_range(parser, '\n', '\n'))) return 0;
    if (*parser->at == ']') return fail(parser, "malformed '[]'");
    while (*parser->at != ']') {
        Rune from, to;
        if (*parser->at == '-' || !class_rune(parser, &from)) return fail(parser, "malformed '[]'");
        to = from;
        if (*parser->at == '-') {
            ++parser->at;
            if (*parser->at == ']' || !class_rune(parser, &to))
                return fail(parser, "malformed '[]'");
        }
        if (!add_range(parser, from, to)) return 0;
    }
    ++parser->at;
    return emit(parser, negated ? kNotClass : kClass, first, parser->prog->range_count - first);
}

static int group(Parser* parser) {
    const int number = parser->prog->matches++;
    if (number >= NSUBEXP) return fail(parser, "too many '('");
    if (!emit(parser, kSave, 2 * number, 0) || !alternatives(parser)) return 0;
    if (*parser->at++ != ')') return fail(parser, "unmatched '('");
    return emit(parser, kSave, 2 * number + 1, 0);
}

static int operand(Parser* parser) {
    Rune rune;
    parser->at += chartorune(&rune, parser->at);
    switch (rune) {
        case '.':
            return emit(parser, parser->any, 0, 0);
        case '^':
            return emit(parser, kBegin, 0, 0);
        case '$':
            return emit(parser, kEnd, 0, 0);
        case '[':
            return character_class(parser);
        case '(':
            return group(parser);
        case '*':
        case '+':
        case '?':
            return fail(parser, "missing operand");
        case '\\':
            if (*parser->at == '\0') return fail(parser, "trailing '\\'");
            parser->at += chartorune(&rune, parser->at);
    }
    return emit(parser, kChar, rune, 0);
}

// An operand and the * + ? behind it.
static int repetition(Parser* parser) {
    const int start = parser->prog->count;
    if (!operand(parser)) return 0;
    for (;; ++parser->at) {
        const int size = parser->prog->count - start;
        const char op = *parser->at;
        if (op == '*') {
            if (!insert(parser, start, (Inst){kSplit, 1, size + 2}) ||
                !emit(parser, kJump, -size - 1, 0))
                return 0;
        } else if (op == '+') {
            if (!emit(parser, kSplit, -size, 1)) return 0;
        } else if (op == '?') {
            if (!insert(parser, start, (Inst){kSplit, 1, size + 1})) return 0;
        } else {
            return 1;
        }
    }
}

static int concatenation(Parser* parser) {
    while (*parser->at != '\0' && *parser->at != '|' && *parser->at != ')') {
        if (!repetition(parser)) return 0;
    }
    return 1;
}

static int alternatives(Parser* parser) {
    Reprog* prog = parser->prog;
    int start = prog->count;
    int jumps = -1;  // the last jump to the end; each knows the one before it
    for (;;) {
        if (!concatenation(parser)) return 0;
        if (*parser->at != '|') break;
        ++parser->at;
        const int size = prog->count - start;
        if (!insert(parser, start, (Inst){kSplit, 1, size + 2}) || !emit(parser, kJump, jumps, 0))
            return 0;
        jumps = prog->count - 1;
        start = prog->count;
    }
    while (jumps >= 0) {
        const int before = prog->insts[jumps].x;
        prog->insts[jumps].x = prog->count - jumps;
        jumps = before;
    }
    return 1;
}

// Room for what regexec() remembers.
static int add_scratch(Reprog* prog) {
    prog->thread_size = sizeof(Thread) + 2 * prog->matches * sizeof(char*);
    for (int i = 0; i < 2; ++i) {
        prog->lists[i].threads = calloc(prog->count, prog->thread_size);
        if (prog->lists[i].threads == nil) return 0;
    }
    prog->seen = calloc(prog->count, sizeof *prog->seen);
    return prog->seen != nil;
}

static int parse(Parser* parser, int literal) {
    if (!literal) {
        if (!alternatives(parser)) return 0;
        if (*parser->at == ')') return fail(parser, "unmatched ')'");
    }
    while (*parser->at != '\0') {
        Rune rune;
        parser->at += chartorune(&rune, parser->at);
        if (!emit(parser, kChar, rune, 0)) return 0;
    }
    if (!emit(parser, kMatch, 0, 0)) return 0;
    return add_scratch(parser->prog) || fail(parser, "out of memory");
}

static Reprog* compile(const char* text, int any, int literal) {
    Reprog* prog = mallocz(sizeof *prog, 1);
    if (prog == nil) return nil;
    prog->matches = 1;
    Parser parser = {.prog = prog, .at = text, .any = any};
    if (parse(&parser, literal)) return prog;
    werrstr("%s", parser.wrong);
    regfree(prog);
    regerror((char*)parser.wrong);
    return nil;
}

Reprog* regcomp(const char* text) { return compile(text, kAny, 0); }
Reprog* regcompnl(const char* text) { return compile(text, kAnyNl, 0); }
Reprog* regcomplit(const char* text) { return compile(text, kAny, 1); }

void regfold(Reprog* prog) { prog->fold = 1; }

void regfree(Reprog* prog) {
    if (prog == nil) return;
    free(prog->insts);
    free(prog->ranges);
    free(prog->lists[0].threads);
    free(prog->lists[1].threads);
    free(prog->seen);
    free(prog);
}
