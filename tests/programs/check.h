// What the programs of the suite check with. The first thing that is wrong ends the program with a
// status that says what; "" is success.
#ifndef PROCYON_TESTS_CHECK_H
#define PROCYON_TESTS_CHECK_H

#include <libc.h>

/* Ends the program with this text, cut to fit, as status. */
void fail(const char* format, ...) __attribute__((noreturn));

/* `what` holds. */
#define CHECK(what) ((what) ? (void)0 : fail("line %d: %s: %r", __LINE__, #what))
/* Two numbers are the same. */
#define SAME(a, b) check_same(__LINE__, (vlong)(a), (vlong)(b))
/* `call` returns -1, and the error string is `why`; one that ends with * is a beginning. */
#define FAILS(call, why) check_fails(__LINE__, (vlong)(call), why)
/* The child `pid` ends with `status`, likewise. */
#define ENDS(pid, status) check_ends(__LINE__, pid, status)
/* body(), run in a child, ends with `status`. */
#define DIES(body, status) check_ends(__LINE__, child(body), status)
/* `what` becomes true within some seconds. */
#define EVENTUALLY(what)                                               \
    for (int left_ = 20000; !(what); sleep(1)) {                       \
        if (--left_ == 0) fail("line %d: never: %s", __LINE__, #what); \
    }

void check_same(int line, vlong a, vlong b);
void check_fails(int line, vlong result, const char* why);
void check_ends(int line, int pid, const char* status);

/* Forks; the child calls body() and exits with "". Returns the child's number. */
int child(void (*body)(void));
/* The state column of /proc/pid/status; "" if there is none. In a static buffer. */
char* state_of(int pid);
/* Writes `message` to /proc/pid/ctl. -1: refused. */
int control(int pid, const char* message);
/* Opens /proc/pid/file; -1: refused. */
int process_file(int pid, const char* file, int mode);
/* The number behind `name` in /proc/stats. */
vlong kernel_count(const char* name);
/* Memory of zeroes that forks share. */
void* shared_memory(ulong size);
/* Makes this process `user`'s, by a capability, unless it is. Only eve's can. */
void become_user(const char* user);
/* Calls ecall `number` with six arguments. */
long raw_call(uvlong number, const uvlong arguments[6]);
/* A note handler that counts in `notes_seen`, keeps the text in `last_note`, and goes on. */
void count_notes(void*, char* text);
extern volatile int notes_seen;
extern char last_note[ERRMAX];

#endif
