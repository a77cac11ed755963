// Words and their quotes, as rc has them: 'it''s'.
#include <libc.h>

static int is_blank(int c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Takes the quotes away from the word at `text`, in place. Returns what follows it.
static char* unquote(char* text) {
    char* to = text;
    int quoted = 0;
    for (; *text != '\0' && (quoted || !is_blank(*text)); ++text) {
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

int tokenize(char* text, char** words, int most) {
    int count = 0;
    while (count < most) {
        while (is_blank(*text)) ++text;
        if (*text == '\0') break;
        words[count++] = text;
        text = unquote(text);
    }
    return count;
}

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

int needsrcquote(const char* text) {
    if (*text == '\0') return 1;
    for (; *text != '\0'; ++text) {
        if ((uchar)*text <= ' ' || strchr("'#;&|^$=`{}()<>[]*?!~@\\", *text) != nil) return 1;
    }
    return 0;
}

char* quotestrdup(const char* text) { return smprint("%q", text); }
