// All words arrive, up to the limit; beyond it exec() refuses, and leaves nothing behind.
#include "../check.h"

static char word[4000];
static char* words[200];

static void runs(void) {
    exec("/suite/many_words", words);
    fail("exec: %r");
}

void main(int argc, char* argv[]) {
    if (argc > 1) {
        SAME(argc, 101);
        for (int i = 1; i < argc; ++i) SAME(strlen(argv[i]), sizeof word - 1);
        CHECK(argv[argc] == nil && strcmp(argv[0], "first") == 0);
        exits("all there");
    }
    memset(word, 'w', sizeof word - 1);
    words[0] = "first";
    for (int i = 1; i <= 100; ++i) words[i] = word;
    DIES(runs, "all there");
    for (int i = 101; i < 199; ++i) words[i] = word;
    for (int i = 0; i < 5; ++i) {
        FAILS(exec("/suite/many_words", words), "virtual memory allocation failed");
    }
    exits("");
}
