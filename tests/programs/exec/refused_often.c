// exec() that is refused for a word that it cannot read, again and again: it gives back what it
// took.
#include "../check.h"

enum { kTimes = 500, kMostPages = 20 };

static vlong pages_in_use(void) { return kernel_count("pages.inuse"); }

static void handler(void* registers, char* text) {
    USED(registers);
    CHECK(strncmp(text, "sys: bad address in syscall", 27) == 0);
    ++notes_seen;
    noted(NCONT);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    static char word[2000];
    char* words[20];
    CHECK(notify(handler) == 0);
    memset(word, 'w', sizeof word - 1);
    pages_in_use();
    const vlong before = pages_in_use();
    for (int i = 0; i < kTimes; ++i) {
        const int wild = i % 19;
        for (int j = 0; j < 19; ++j) words[j] = word;
        words[19] = nil;
        words[wild] = (char*)(i % 2 ? 0xffffffffull : 0xffffffc080200000ull);
        FAILS(exec("/bin/echo", words), "bad arg in system call");
        SAME(notes_seen, i + 1);
    }
    // Nothing but what this program touched itself.
    const vlong more = pages_in_use() - before;
    if (more > kMostPages) fail("%lld pages more", more);
    exits("");
}
