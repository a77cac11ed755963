// Words and their quotes, as rc has them: 'it''s'.
#include <procyon.h>

static const char kBlanks[] = " \t\n\r";

// Takes the quotes away from the word at `text`, in place. Returns what follows it.
static char* unquote(char* text, const char* delimiters) {
    char* to = text;
    int quoted = 0;
    for (; *text != '\0' && (quoted || strchr(delimiters, *text) == nil); ++text) {
        if (*text != '\'') {
            *to++ = *text;
        } else if (quoted && text[1] == '\'') {
            *to++ = *text++;
        } else {
            quoted = !quoted;
        }
    }
    // The end of the word may be where the text goes on.
    char* rest = *text == '\0' ? text : text + 1;
    *to = '\0';
    return rest;
}

int gettokens(char* text, char** words, int most, const char* delimiters) {
    int count = 0;
    while (count < most) {
        while (*text != '\0' && strchr(delimiters, *text) != nil) ++text;
        if (*text == '\0') break;
        words[count++] = text;
        text = unquote(text, delimiters);
    }
    return count;
}

int tokenize(char* text, char** words, int most) { return gettokens(text, words, most, kBlanks); }

int getfields(char* text, char** words, int most, int skip_empty, const char* delimiters) {
    int count = 0;
    while (count < most) {
        while (skip_empty && *text != '\0' && strchr(delimiters, *text) != nil) ++text;
        if (skip_empty && *text == '\0') break;
        words[count++] = text;
        if (count == most) break;  // the last one is all the rest
        while (*text != '\0' && strchr(delimiters, *text) == nil) ++text;
        if (*text == '\0') break;
        *text++ = '\0';
    }
    return count;
}

int needsrcquote(int c) {
    return c <= ' ' || (c < Runeself && strchr("'#;&|^$=`{}()<>[]*?!~@\\", c) != nil);
}

int wordneedsquote(const char* word) {
    if (*word == '\0') return 1;
    while (*word != '\0' && !needsrcquote((uchar)*word)) ++word;
    return *word != '\0';
}

char* quotestrdup(const char* text) { return smprint("%q", text); }
Rune* quoterunestrdup(const Rune* text) { return runesmprint("%Q", text); }

char* unquotestrdup(const char* text) {
    char* copy = strdup(text);
    if (copy != nil) unquote(copy, kBlanks);
    return copy;
}

Rune* unquoterunestrdup(const Rune* text) {
    char* word = smprint("%S", text);
    if (word == nil) return nil;
    unquote(word, kBlanks);
    Rune* runes = runesmprint("%s", word);
    free(word);
    return runes;
}
