// test: whether an expression about files, texts and numbers holds.
#include <libc.h>

static char** words;
static int word_count, at;

static char* next(void) {
    if (at == word_count) {
        fprint(2, "test: argument expected\n");
        exits("usage");
    }
    return words[at++];
}

static int next_is(const char* word) {
    if (at == word_count || strcmp(words[at], word) != 0) return 0;
    ++at;
    return 1;
}

static vlong number(const char* word) {
    char* end;
    const vlong value = strtoll(word, &end, 10);
    if (*end != '\0' || end == word) {
        fprint(2, "test: bad integer: %s\n", word);
        exits("usage");
    }
    return value;
}

static int mode_has(const char* name, ulong bits) {
    Dir* dir = dirstat(name);
    const int has = dir != nil && (dir->mode & bits) != 0;
    free(dir);
    return has;
}

static int is_long(const char* name) {
    Dir* dir = dirstat(name);
    const int is = dir != nil && dir->length > 0;
    free(dir);
    return is;
}

static int exists(const char* name) { return access(name, AEXIST) == 0; }

// -e and the like, about one operand.
static int about_file(char what, const char* name) {
    switch (what) {
        case 'e':
            return exists(name);
        case 'd':
            return mode_has(name, DMDIR);
        case 'f':
            return exists(name) && !mode_has(name, DMDIR);
        case 'r':
            return access(name, AREAD) == 0;
        case 'w':
            return access(name, AWRITE) == 0;
        case 'x':
            return access(name, AEXEC) == 0;
        case 's':
            return is_long(name);
        case 'A':
            return mode_has(name, DMAPPEND);
        case 'L':
            return mode_has(name, DMEXCL);
        case 'T':
            return mode_has(name, DMTMP);
        case 'n':
            return *name != '\0';
        default:
            return *name == '\0';  // -z
    }
}

static int is_unary(const char* word) {
    return word[0] == '-' && word[1] != '\0' && word[2] == '\0' &&
           strchr("edfrwxsALTnz", word[1]) != nil;
}

// Negative, zero, positive: `a` was changed before, with, after `b`. What is not there is oldest.
static int compare_times(const char* a, const char* b) {
    Dir *x = dirstat(a), *y = dirstat(b);
    const vlong s = x != nil ? (vlong)x->mtime : -1, t = y != nil ? (vlong)y->mtime : -1;
    free(x);
    free(y);
    return (s > t) - (s < t);
}

static int binary(const char* left, const char* op, const char* right) {
    if (strcmp(op, "=") == 0) return strcmp(left, right) == 0;
    if (strcmp(op, "!=") == 0) return strcmp(left, right) != 0;
    if (strcmp(op, "-nt") == 0) return compare_times(left, right) > 0;
    if (strcmp(op, "-ot") == 0) return compare_times(left, right) < 0;
    const vlong a = number(left), b = number(right);
    if (strcmp(op, "-eq") == 0) return a == b;
    if (strcmp(op, "-ne") == 0) return a != b;
    if (strcmp(op, "-lt") == 0) return a < b;
    if (strcmp(op, "-le") == 0) return a <= b;
    if (strcmp(op, "-gt") == 0) return a > b;
    return a >= b;
}

static int is_binary(const char* word) {
    static const char* const kOps[] = {"=",   "!=",  "-nt", "-ot", "-eq",
                                       "-ne", "-lt", "-le", "-gt", "-ge"};
    for (uint i = 0; i < nelem(kOps); ++i) {
        if (strcmp(word, kOps[i]) == 0) return 1;
    }
    return 0;
}

static int either(void);

static int primary(void) {
    if (at + 1 < word_count && is_binary(words[at + 1])) {
        const char *left = next(), *op = next();
        return binary(left, op, next());
    }
    if (next_is("!")) return !primary();
    if (next_is("(")) {
        const int holds = either();
        if (!next_is(")")) {
            fprint(2, "test: ) expected\n");
            exits("usage");
        }
        return holds;
    }
    const char* word = next();
    if (is_unary(word) && at < word_count) return about_file(word[1], next());
    if (is_unary(word)) next();  // complains
    return *word != '\0';
}

// Both sides are read, whatever the first says.
static int both(void) {
    int holds = primary();
    while (next_is("-a")) holds = primary() && holds;
    return holds;
}

static int either(void) {
    int holds = both();
    while (next_is("-o")) holds = both() || holds;
    return holds;
}

void main(int argc, char* argv[]) {
    if (argc > 0 && strcmp(argv[0], "[") == 0 && strcmp(argv[argc - 1], "]") == 0) --argc;
    if (argc <= 1) exits("false");
    words = argv + 1;
    word_count = argc - 1;
    const int holds = either();
    if (at < word_count) {
        fprint(2, "test: unexpected operator/operand: %s\n", words[at]);
        exits("usage");
    }
    exits(holds ? "" : "false");
}
