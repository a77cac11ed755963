// A capability makes a process somebody else's; from then on it is treated as that user by files, calls and /proc.
#include "../check.h"
#include <libsec.h>

static int put(const char* file, const void* data, long size) {
    const int fd = open(file, OWRITE);
    if (fd < 0) return -1;
    const int written = write(fd, data, size);
    close(fd);
    return written;
}

/* Allows `from` to be `to`, with this key. */
static int allow(const char* whom, const char* key) {
    uchar hash[SHA1dlen];
    hmac_sha1((uchar*)whom, strlen(whom), (uchar*)key, strlen(key), hash, nil);
    return put("#\302\244/caphash", hash, sizeof hash);
}

static int use(const char* capability) { return put("#\302\244/capuse", capability, strlen(capability)); }

/* The fields of /proc/pid/status are a user's name in 27 columns behind another's. */
static char* user_in_status(int pid) {
    static char text[200];
    const int fd = process_file(pid, "status", OREAD);
    SAME(read(fd, text, 176), 176);
    close(fd);
    text[28 + 27] = '\0';
    char* const end = strchr(text + 28, ' ');
    if (end != nil) *end = '\0';
    return text + 28;
}

static void as_glenda(void) {
    become_user("glenda");
    SAME(strcmp(user_in_status(getpid()), "glenda"), 0);
    // What it was as eve it is no more.
    FAILS(allow("glenda@eve", "k"), "permission denied*");
    FAILS(use("glenda@eve@k"), "invalid capability glenda@eve@k");
    FAILS(process_file(1, "mem", OREAD), "permission denied*");
    FAILS(process_file(1, "ctl", OWRITE), "permission denied*");
    FAILS(process_file(1, "note", ORDWR), "permission denied*");
    FAILS(control(getpid(), "pri 12"), "permission denied");
    // It has the rights of an owner over its own, and so has its child.
    CHECK(process_file(getpid(), "ctl", ORDWR) >= 0);
    const int pid = fork();
    if (pid == 0) {
        for (;;) sleep(1000);
    }
    SAME(strcmp(user_in_status(pid), "glenda"), 0);
    CHECK(control(pid, "stop") >= 0);
    CHECK(control(pid, "kill") >= 0);
    ENDS(pid, "Killed");
}

static volatile int* ready;

static void waits_as_glenda(void) {
    become_user("glenda");
    *ready = 1;
    for (;;) sleep(1000);
}

static void eve_may_look_not_touch(void) {
    ready = shared_memory(4096);
    const int pid = child(waits_as_glenda);
    EVENTUALLY(*ready);
    const int regs = process_file(pid, "mem", OREAD);
    CHECK(regs >= 0);
    close(regs);
    FAILS(process_file(pid, "ctl", OWRITE), "permission denied*");
    FAILS(process_file(pid, "note", OWRITE), "permission denied*");
    Dir d;
    nulldir(&d);
    d.mode = 0660;
    char name[40];
    snprint(name, sizeof name, "/proc/%d/ctl", pid);
    CHECK(dirwstat(name, &d) >= 0);
    CHECK(control(pid, "kill") >= 0);
    ENDS(pid, "Killed");
}

static void a_name_space_without_devices(void) {
    CHECK(rfork(RFNAMEG) >= 0 && rfork(RFNOMNT) >= 0);
    FAILS(use("eve@glenda@k"), "mount/attach disallowed*");
}

static void no_capability(void) {
    FAILS(put("#\302\244/caphash", "short", 5), "i/o count too small");
    FAILS(use("no sign"), "i/o count too small");
    SAME(allow("bob@glenda", "k"), SHA1dlen);
    FAILS(use("bob@glenda@k"), "capability must match user");
    FAILS(use("bob@glenda@k"), "invalid capability bob@glenda@k");
    SAME(strcmp(getuser(), "eve"), 0);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    DIES(as_glenda, "");
    DIES(no_capability, "");
    DIES(a_name_space_without_devices, "");
    eve_may_look_not_touch();
    exits("");
}
