// /proc/n/args has the first 128 bytes of a program's words, a NUL after each, cut at a rune; quoted
// where they are read, so that each is one word again.
#include "../check.h"

enum { KEPT = 128 };

static void put_quoted(char** to, const char* word, int size) {
    if (size != 0 && memchr(word, ' ', size) == nil) {
        memmove(*to, word, size);
        *to += size;
        return;
    }
    *(*to)++ = '\'';
    memmove(*to, word, size);
    *to += size;
    *(*to)++ = '\'';
}

/* What `args` should say of these words. */
static void expect(char* to, int count, char* words[]) {
    int room = KEPT;
    for (int i = 0; i < count && room > 0; ++i) {
        int size = strlen(words[i]);
        if (size >= room) {
            size = room;
            while (size > 0 && (words[i][size] & 0xc0) == 0x80) --size;
            if (size == 0) break;
        }
        room -= size + 1;
        if (i != 0) *to++ = ' ';
        put_quoted(&to, words[i], size);
    }
    *to = '\0';
}

static void executed(int count, char* words[]) {
    char wanted[1024], got[1024];
    expect(wanted, count, words);
    const int fd = process_file(getpid(), "args", ORDWR);
    const int size = read(fd, got, sizeof got - 1);
    CHECK(size >= 0);
    got[size] = '\0';
    if (strcmp(got, wanted) != 0) fail("args: %s", got);
    // What is written is a text of C.
    SAME(pwrite(fd, "new\0old", 7, 0), 7);
    const int again = pread(fd, got, sizeof got - 1, 0);
    got[again < 0 ? 0 : again] = '\0';
    CHECK(strcmp(got, "words_in_args [new]") == 0);
    exits("");
}

/* The words `first` and then `count` times `word`. */
static void try(const char* word, int count) {
    char* words[100] = {"words_in_args"};
    for (int i = 1; i <= count; ++i) words[i] = (char*)word;
    words[count + 1] = nil;
    const int pid = fork();
    if (pid == 0) {
        exec("/suite/words_in_args", words);
        sysfatal("exec: %r");
    }
    ENDS(pid, "");
}

void main(int argc, char* argv[]) {
    if (argc > 1) executed(argc, argv);
    try("aaaa bbbbb", 10);
    try("aaaa bbbbb", 11);
    try("", 56);
    try("a b", 40);
    try("x", 57);
    try("x", 58);
    try("\xc3\xa4\xc3\xa4\xc3\xa4", 30);
    try("\xe2\x82\xac", 50);
    for (int size = 100; size < 130; ++size) {
        char word[200];
        memset(word, 'w', sizeof word);
        word[size] = '\0';
        try(word, 1);
        memmove(word + size, "\xc3\xa4", 3);
        try(word, 2);
    }
    exits("");
}
