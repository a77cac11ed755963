// regsub(): what a match is replaced by.
#include <regexp.h>

// Which match `with` names at its beginning, and how many characters that are. -1: none.
static int reference(int first, int second, int* taken) {
    *taken = 1;
    if (first == '&') return 0;
    if (first != '\\' || second < '0' || second > '9') return -1;
    *taken = 2;
    return second - '0';
}

#define SUBSTITUTE(Character, begin, finish)                                           \
    Character* const end = to + size - 1;                                              \
    if (size <= 0) return;                                                             \
    while (*with != 0) {                                                               \
        int taken;                                                                     \
        const int which = reference(with[0], with[1], &taken);                         \
        if (which < 0) {                                                               \
            /* A \\ before another character says that it is meant itself. */          \
            if (*with == '\\' && with[1] != 0) ++with;                                 \
            if (to < end) *to++ = *with;                                               \
            ++with;                                                                    \
            continue;                                                                  \
        }                                                                              \
        with += taken;                                                                 \
        if (which >= count || match[which].begin == nil) continue;                     \
        for (const Character* at = match[which].begin; at < match[which].finish; ++at) \
            if (to < end) *to++ = *at;                                                 \
    }                                                                                  \
    *to = 0

void regsub(const char* with, char* to, int size, const Resub* match, int count) {
    SUBSTITUTE(char, sp, ep);
}

void rregsub(const Rune* with, Rune* to, int size, const Resub* match, int count) {
    SUBSTITUTE(Rune, rsp, rep);
}
