// What the programs of the suite check with.
#include "check.h"
#include <libsec.h>

volatile int notes_seen;
char last_note[ERRMAX];

void fail(const char* format, ...) {
    char text[ERRMAX];
    va_list list;
    va_start(list, format);
    vsnprint(text, sizeof text, format, list);
    va_end(list);
    _exits(text);
}

void check_same(int line, vlong a, vlong b) {
    if (a != b) fail("line %d: %lld is not %lld: %r", line, a, b);
}

static int matches(const char* text, const char* wanted) {
    const usize length = strlen(wanted);
    if (length > 0 && wanted[length - 1] == '*') return strncmp(text, wanted, length - 1) == 0;
    return strcmp(text, wanted) == 0;
}

void check_fails(int line, vlong result, const char* why) {
    char text[ERRMAX];
    rerrstr(text, sizeof text);
    if (result != -1) fail("line %d: returns %lld, not -1 for %s", line, result, why);
    if (!matches(text, why)) fail("line %d: wanted %s, got %s", line, why, text);
}

/* Records of children that ended before they were asked for. */
static Waitmsg* ended[64];

static Waitmsg* record_of(int line, int pid) {
    for (usize i = 0; i < nelem(ended); ++i) {
        Waitmsg* const message = ended[i];
        if (message == nil || message->pid != pid) continue;
        ended[i] = nil;
        return message;
    }
    for (;;) {
        Waitmsg* const message = wait();
        if (message == nil) fail("line %d: wait: %r", line);
        if (message->pid == pid) return message;
        usize i = 0;
        while (i < nelem(ended) && ended[i] != nil) ++i;
        if (i == nelem(ended)) fail("line %d: too many children at once", line);
        ended[i] = message;
    }
}

void check_ends(int line, int pid, const char* status) {
    if (pid < 0) fail("line %d: no child: %r", line);
    Waitmsg* const message = record_of(line, pid);
    // A status that is not "" comes as `TEXT PID: STATUS`.
    const char* text = strstr(message->msg, ": ");
    text = text == nil ? message->msg : text + 2;
    if (!matches(text, status)) fail("line %d: wanted '%s', got: %s", line, status, text);
    free(message);
}

int child(void (*body)(void)) {
    const int pid = fork();
    if (pid != 0) return pid;
    body();
    _exits("");
}

char* state_of(int pid) {
    static char line[256];
    snprint(line, sizeof line, "/proc/%d/status", pid);
    const int fd = open(line, OREAD);
    line[0] = '\0';
    if (fd < 0) return line;
    const long size = read(fd, line, sizeof line - 1);
    close(fd);
    line[size < 0 ? 0 : size] = '\0';
    if (size < 68) return line + (size < 0 ? 0 : size);
    char* const state = line + 2 * 28;
    *strchr(state, ' ') = '\0';
    return state;
}

int control(int pid, const char* message) {
    char name[32];
    snprint(name, sizeof name, "/proc/%d/ctl", pid);
    const int fd = open(name, OWRITE);
    if (fd < 0) return -1;
    const long size = strlen(message);
    const int done = write(fd, message, size) == size;
    close(fd);
    return done ? 0 : -1;
}

int process_file(int pid, const char* file, int mode) {
    char name[64];
    snprint(name, sizeof name, "/proc/%d/%s", pid, file);
    return open(name, mode);
}

vlong kernel_count(const char* name) {
    static char text[8192];
    const int fd = open("/proc/stats", OREAD);
    const long size = readn(fd, text, sizeof text - 1);
    CHECK(size > 0);
    close(fd);
    text[size] = '\0';
    const char* const at = strstr(text, name);
    CHECK(at != nil && at[strlen(name)] == ' ');
    return atoll(at + strlen(name) + 1);
}

void* shared_memory(ulong size) {
    void* const memory = segattach(0, "shared", nil, size);
    if (memory == (void*)-1) fail("segattach: %r");
    return memory;
}

static void put(const char* file, const void* data, long size) {
    const int fd = open(file, OWRITE);
    CHECK(fd >= 0 && write(fd, data, size) == size);
    close(fd);
}

void become_user(const char* user) {
    if (strcmp(user, getuser()) == 0) return;
    char whom[64], capability[96];
    uchar hash[SHA1dlen];
    snprint(whom, sizeof whom, "%s@%s", getuser(), user);
    snprint(capability, sizeof capability, "%s@a key", whom);
    hmac_sha1((uchar*)whom, strlen(whom), (uchar*)"a key", 5, hash, nil);
    put("#\302\244/caphash", hash, sizeof hash);
    put("#\302\244/capuse", capability, strlen(capability));
    SAME(strcmp(getuser(), user), 0);
}

long raw_call(uvlong number, const uvlong arguments[6]) {
    register uvlong a7 __asm__("a7") = number;
    register uvlong a0 __asm__("a0") = arguments[0];
    register uvlong a1 __asm__("a1") = arguments[1];
    register uvlong a2 __asm__("a2") = arguments[2];
    register uvlong a3 __asm__("a3") = arguments[3];
    register uvlong a4 __asm__("a4") = arguments[4];
    register uvlong a5 __asm__("a5") = arguments[5];
    __asm__ volatile("ecall"
                     : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a5), "+r"(a7)
                     :
                     : "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a6", "memory");
    return a0;
}

void count_notes(void* registers, char* text) {
    USED(registers);
    strecpy(last_note, last_note + sizeof last_note, text);
    ++notes_seen;
    noted(NCONT);
}
