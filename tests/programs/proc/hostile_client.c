// Every file of /proc/N, as the listing names them, opened in every way by four kinds of user, read and
// written in odd pieces at odd places, while the processes, of two users, run, stop, execute others, end, and come again.
#include "../check.h"

enum { kVictims = 4, kClients = 4, kRounds = 1, kFiles = 64, kPage = 4096 };

/* Who opens: of a process that is glenda's these are its owner, the host's, another, and nobody. */
static char* const kUsers[kClients] = {"glenda", "eve", "bob", "none"};

/* What all share: who is to be attacked, by turns. */
typedef struct Shared Shared;
struct Shared {
    volatile int victims[kVictims];
    volatile int clients_left;
    volatile int opened;
    volatile int refused;
};
static Shared* shared;

static char names[kFiles][28];
static int file_count;
static char room[70 * 1024];

static const int kModes[] = {OREAD,  OWRITE,          ORDWR,           OEXEC,          OREAD | OTRUNC, ORDWR | ORCLOSE,
                             OWRITE | OCEXEC, ORDWR | 0x1000, OWRITE | OTRUNC, 0x80, 0x7fffffff, -1};

/* What somebody hears who is refused: never nothing, and never the words for what nobody thought of. */
static void check_error(const char* file, const char* what) {
    char text[ERRMAX];
    text[0] = '\0';
    errstr(text, sizeof text);
    if (text[0] == '\0' || strstr(text, "front fell off") != nil) fail("%s of %s says '%s'", what, file, text);
}

static void read_at(const char* name, int fd, long size, vlong offset) {
    const long n = pread(fd, room, size, offset);
    if (n > size) fail("read of %ld gives %ld: %s", size, n, name);
    if (n < 0) check_error(name, "read");
}

static void write_this(const char* name, int fd, const void* data, long size, vlong offset) {
    const long n = pwrite(fd, data, size, offset);
    if (n > size) fail("write of %ld takes %ld: %s", size, n, name);
    if (n < 0) check_error(name, "write");
}

static void use(const char* name, int fd, int reads, int writes) {
    static const vlong kOffsets[] = {0, 1, 175, 176, 177, kPage - 1, 0x10000, 0x7fffffff, 1ll << 38, 1ll << 62, 0x7fffffffffffffff, -1, -2};
    if (reads) {
        const long n = pread(fd, room, 512, 0);
        if (n < 0) check_error(name, "read");
        for (uint i = 0; i < sizeof kOffsets / sizeof *kOffsets; ++i) {
            read_at(name, fd, 0, kOffsets[i]);
            read_at(name, fd, 1, kOffsets[i]);
            read_at(name, fd, 300, kOffsets[i]);
        }
        for (long size = n - 1; n > 0 && size <= n + 1; ++size) read_at(name, fd, size, 0);
        read_at(name, fd, sizeof room, 0);
        if (pread(fd, (void*)8, 100, 0) >= 0 && n > 0) fail("%s read into nil", name);
        errstr(room, ERRMAX);
    }
    if (!writes) return;
    static const char* kTexts[] = {"", "\n", " ", "'", "frob", "frob 'a", "'' ''", "pri", "pri 3 4", "close 99999999999999999999",
                                   "wired mask 0x0", "99999999", "straceme", "none frob", "a\0b", "strace_drop on", "straceoff",
                                   "hang", "nohang", "stop\n\n", "a b c d e f g h i j k l"};
    for (uint i = 0; i < sizeof kTexts / sizeof *kTexts; ++i) write_this(name, fd, kTexts[i], strlen(kTexts[i]), 0);
    for (uint i = 0; i < sizeof kOffsets / sizeof *kOffsets; ++i) write_this(name, fd, "\377\0\1'\n", 5, kOffsets[i]);
    memset(room, 'x', sizeof room);
    write_this(name, fd, room, 300, 0);
    write_this(name, fd, room, sizeof room, 0);
    memset(room, 0, sizeof room);
    write_this(name, fd, room, sizeof room, 0);
}

static void attack(int pid, const char* file) {
    char name[64];
    snprint(name, sizeof name, "/proc/%d/%s", pid, file);
    for (uint i = 0; i < sizeof kModes / sizeof *kModes; ++i) {
        const int fd = open(name, kModes[i]);
        if (fd < 0) {
            check_error(name, "open");
            ++shared->refused;
            continue;
        }
        ++shared->opened;
        const int access = kModes[i] & 3;
        // Reading `wait` and `strace` takes as long as the process.
        const int waits = strcmp(file, "wait") == 0 || strcmp(file, "strace") == 0;
        use(name, fd, access != OWRITE && !waits, access == OWRITE || access == ORDWR);
        Dir* const dir = dirfstat(fd);
        if (dir == nil) check_error(name, "stat");
        free(dir);
        close(fd);
    }
    if (chdir(name) >= 0) fail("%s is a directory", name);
    if (remove(name) >= 0) fail("%s was removed", name);
    const int made = create(name, ORDWR, 0666);
    if (made >= 0) close(made);
}

static void client(const char* user) {
    // A bad pointer is told by a note, too.
    notify(count_notes);
    become_user(user);
    for (int round = 0; round < kRounds; ++round) {
        for (int i = 0; i < file_count; ++i) attack(shared->victims[(round + i) % kVictims], names[i]);
    }
}

/* Lets everybody open the files of `pid`. -1: it may not, or is gone. */
static int open_to_all(int pid) {
    char name[32];
    Dir dir;
    nulldir(&dir);
    dir.mode = 0666;
    snprint(name, sizeof name, "/proc/%d/ctl", pid);
    return dirwstat(name, &dir);
}

/* Is one of two users', open to all or not, and lives in one of some ways. */
static void victim(int way) {
    if (way % 2 == 0) become_user("glenda");
    if (way % 3 == 0) CHECK(open_to_all(getpid()) >= 0);
    switch (way % 5) {
        case 0:
            for (;;) sleep(1);
        case 1:
            exec("/suite/hostile_client", (char*[]){"hostile_client", "again", nil});
            _exits("exec");
        case 2:
            for (volatile int i = 0; i < 200000; ++i) continue;
            _exits("");
        case 3:
            control(getpid(), "stop");
            for (;;) sleep(100);
        default:
            rendezvous(&shared, nil);
            _exits("");
    }
}

/* Kills whoever has not ended: eve may change the mode of what is not hers, and then write to it. */
static void end(int pid) {
    open_to_all(pid);
    control(pid, "kill");
    waitpid();
}

/* Until the clients are done: who has ended is followed by another, in the same slot if it can be. */
static void keep_victims(void) {
    for (int way = 0; shared->clients_left > 0; ++way) {
        const int place = way % kVictims;
        const int before = shared->victims[place];
        // In a group of its own, which hears what is written to notepg.
        const int pid = rfork(RFPROC | RFFDG | RFNOTEG);
        if (pid == 0) victim(way);
        CHECK(pid > 0);
        shared->victims[place] = pid;
        if (before != 0) end(before);
        // The clients come on by a file or so, however slow the machine is, unless they wait for this one.
        const int tried = shared->opened + shared->refused;
        for (int i = 0; i < 200 && shared->opened + shared->refused - tried < 12 && shared->clients_left > 0; ++i) sleep(1);
    }
    for (int i = 0; i < kVictims; ++i) end(shared->victims[i]);
}

void main(int argc, char* argv[]) {
    USED(argv);
    if (argc > 1) {
        for (;;) sleep(20);
    }
    shared = shared_memory(sizeof *shared);
    Dir* dirs;
    const int fd = open("/proc/self", OREAD);
    const long n = dirreadall(fd, &dirs);
    CHECK(n >= 30 && n < kFiles);
    for (; file_count < n; ++file_count) snprint(names[file_count], sizeof names[0], "%s", dirs[file_count].name);
    close(fd);
    shared->clients_left = kClients;
    for (int i = 0; i < kVictims; ++i) shared->victims[i] = 0;
    const int keeper = child(keep_victims);
    EVENTUALLY(shared->victims[kVictims - 1] != 0);
    int clients[kClients];
    for (int i = 0; i < kClients; ++i) {
        clients[i] = fork();
        if (clients[i] == 0) {
            client(kUsers[i]);
            _exits("");
        }
        CHECK(clients[i] > 0);
    }
    for (int i = 0; i < kClients; ++i) {
        Waitmsg* message = wait();
        CHECK(message != nil);
        if (message->pid == keeper) fail("the keeper ends: %s", message->msg);
        if (message->msg[0] != '\0') fail("%s", message->msg);
        free(message);
        --shared->clients_left;
    }
    ENDS(keeper, "");
    CHECK(shared->opened > 100 && shared->refused > 100);
    exits("");
}
