// Processes that begin note groups, join each other's and end, all at once: each is in one group all the time, a note reaches
// whoever is in it, and nothing is left (which the suite counts).
#include "../check.h"

enum { kMembers = 6, kRounds = 150 };

static volatile int* members;  // their numbers

/* The number of its note group; -1 if it is gone. */
static int note_group(int pid) {
    char text[32] = {0};
    const int fd = process_file(pid, "noteid", OREAD);
    if (fd < 0) return -1;
    const long n = read(fd, text, sizeof text - 1);
    close(fd);
    return n <= 0 ? -1 : atoi(text);
}

static void joins(int group) {
    char text[32];
    if (group <= 0) return;  // it has ended
    const int fd = process_file(getpid(), "noteid", OWRITE);
    CHECK(fd >= 0);
    snprint(text, sizeof text, "%d", group);
    // The group may be gone, or never have been.
    if (write(fd, text, strlen(text)) < 0) {
        char why[ERRMAX];
        rerrstr(why, sizeof why);
        CHECK(strncmp(why, "permission denied", 17) == 0);
    }
    close(fd);
}

static void ends_at_once(void) {}
static void begins_a_group(void) { CHECK(rfork(RFNOTEG) >= 0); }

static void member(void) {
    srand(getpid());
    for (int i = 0; i < kRounds; ++i) {
        const int other = members[rand() % kMembers];
        switch (rand() % 5) {
            case 0:
                CHECK(rfork(RFNOTEG) >= 0);
                CHECK(note_group(getpid()) > 0);
                break;
            case 1:
                joins(other == 0 ? getpid() : note_group(other));
                CHECK(note_group(getpid()) > 0);
                break;
            case 2:
                DIES(ends_at_once, "");
                break;
            case 3:
                DIES(begins_a_group, "");
                break;
            default:
                joins(0x7ffffff0);
                break;
        }
    }
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    members = shared_memory(4096);
    CHECK(rfork(RFNOTEG) >= 0);
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < kMembers; ++i) members[i] = child(member);
        for (int i = 0; i < kMembers; ++i) {
            Waitmsg* message = wait();
            CHECK(message != nil);
            if (message->msg[0] != '\0') fail("%s", message->msg);
            free(message);
        }
    }
    exits("");
}
