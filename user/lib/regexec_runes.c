// rregexec(): the runes as UTF-8, and what matched there as runes again.
#include <regexp.h>

int rregexec(Reprog* prog, const Rune* text, Resub* match, int room) {
    const Rune* from = room > 0 && match[0].rsp != nil ? match[0].rsp : text;
    const Rune* end = room > 0 ? match[0].rep : nil;
    if (end == nil) end = from + runestrlen(from);
    // Where each rune begins, and the end.
    const long count = end - text;
    uint* begins = malloc((count + 1) * sizeof *begins);
    char* bytes = malloc(runenlen(text, count) + 1);
    Resub found[NSUBEXP];
    int matched = 0;
    if (begins != nil && bytes != nil) {
        uint at = 0;
        for (long i = 0; i < count; ++i) {
            begins[i] = at;
            at += runetochar(bytes + at, &text[i]);
        }
        begins[count] = at;
        bytes[at] = '\0';
        if (room > NSUBEXP) room = NSUBEXP;
        found[0].sp = bytes + begins[from - text];
        found[0].ep = bytes + at;
        matched = regexec(prog, bytes, found, room > 0 ? room : 1);
    }
    for (int i = 0; matched && i < room; ++i) {
        match[i].rsp = match[i].rep = nil;
        if (found[i].sp == nil) continue;
        match[i].rsp = text + utfnlen(bytes, found[i].sp - bytes);
        match[i].rep = text + utfnlen(bytes, found[i].ep - bytes);
    }
    free(begins);
    free(bytes);
    return matched;
}
