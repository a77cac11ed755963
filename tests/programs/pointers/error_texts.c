// errstr() exchanges its text for the program's, cuts between runes, and refuses memory that it
// cannot use.
#include "../check.h"

static const char kConstant[ERRMAX] = "constant";

static void has(const char* wanted) {
    char text[ERRMAX] = "mine";
    SAME(errstr(text, sizeof text), 0);
    if (strcmp(text, wanted) != 0) fail("%s is not %s", text, wanted);
}

static void fails(void) { FAILS(open("/no/such", OREAD), "file does not exist: '/no'"); }
static void has_none(void) { has(""); }

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    char text[2 * ERRMAX];
    FAILS(close(-1), "fd out of range or not open");
    has("fd out of range or not open");
    has("mine");
    // A call that succeeds leaves it alone.
    strcpy(text, "one");
    SAME(errstr(text, sizeof text), 0);
    SAME(read(open("/dev/null", OREAD), text, 1), 0);
    has("one");
    // No more is kept than there is room for, no more is given than fits: whole runes.
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    SAME(errstr(text, sizeof text), 0);
    SAME(errstr(text, sizeof text), 0);
    SAME(strlen(text), ERRMAX - 1);
    for (uint room = 1; room < 8; ++room) {
        strcpy(text, "ä€ö");  // 2, 3 and 2 bytes
        SAME(errstr(text, sizeof text), 0);
        memset(text, '#', sizeof text);
        text[0] = '\0';
        SAME(errstr(text, room), 0);
        const char* const wanted = room < 3 ? "" : room < 6 ? "ä" : room < 8 ? "ä€" : "";
        CHECK(strcmp(text, wanted) == 0);
        CHECK(text[room] == '#');
    }
    // What is not ended ends with its room.
    memcpy(text, "abcdef", 6);
    SAME(errstr(text, 3), 0);
    has("abc");
    FAILS(errstr(text, 0), "bad arg in system call");
    CHECK(notify(count_notes) == 0);
    FAILS(errstr((char*)kConstant, ERRMAX), "bad arg in system call");
    FAILS(errstr((char*)8, ERRMAX), "bad arg in system call");
    FAILS(errstr((char*)0x3ffffffff8, 16), "bad arg in system call");
    FAILS(errstr((char*)0xffffffc080200000, ERRMAX), "bad arg in system call");
    SAME(notes_seen, 4);
    CHECK(strcmp(kConstant, "constant") == 0);
    // A process begins with none, also where one was that ended with some.
    for (int i = 0; i < 50; ++i) {
        DIES(fails, "");
        DIES(has_none, "");
    }
    exits("");
}
