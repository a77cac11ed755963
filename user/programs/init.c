// init: the first process, once it is a program: runs the archive's startup script, keeps a shell
// on the console, and reaps whatever children come to it.
#include <libc.h>

static const char* const kStartup = "/bin/startup";

// A note to the first process must not end it: the machine would end with it.
static void ignore(void* registers, char* text) {
    USED(registers);
    USED(text);
    noted(NCONT);
}

// Says on the console what is not the user's doing.
static void say(const char* what, const char* status) {
    fprint(2, "init: %s%s%s\n", what, *status != '\0' ? ": " : "", status);
}

// Starts the program as a child that leads a note group of its own, which Ctrl-C interrupts.
static int start(char* argv[]) {
    const int pid = rfork(RFPROC | RFFDG | RFREND | RFNOTEG);
    if (pid != 0) return pid;
    const int control = open("/dev/consctl", OWRITE);
    if (control < 0 || fprint(control, "foreground") < 0) fprint(2, "init: no Ctrl-C: %r\n");
    close(control);
    exec(argv[0], argv);
    sysfatal("%s: %r", argv[0]);
}

// Waits until `pid` has ended and says how, if not well. Others that end meanwhile are reaped.
static void wait_for(int pid, const char* what) {
    for (;;) {
        Waitmsg* ended = wait();
        if (ended == nil) {
            char why[ERRMAX];
            rerrstr(why, sizeof why);
            if (strstr(why, "interrupted") != nil) continue;
            return;  // it is nobody's child any more
        }
        const int found = ended->pid == pid;
        if (found && (what != nil || ended->msg[0] != '\0'))
            say(what != nil ? what : kStartup, ended->msg);
        free(ended);
        if (found) return;
    }
}

static void reap_for_ever(void) {
    for (;;) {
        if (waitpid() < 0) sleep(1000);  // there is no child, or a note came
    }
}

void main(int argc, char* argv[]) {
    static char* shell[] = {"/bin/rc", nil};
    static char* startup[] = {"/bin/rc", "/bin/startup", nil};
    if (notify(ignore) < 0) sysfatal("notify: %r");
    // The kernel runs a batch's commands itself, and turns the machine off after them.
    if (access("/boot/cmd", AREAD) == 0) reap_for_ever();
    if (access(kStartup, AREAD) == 0) {
        const int pid = start(startup);
        if (pid >= 0) wait_for(pid, nil);
    }
    char** const command = argc > 1 ? argv + 1 : shell;
    for (;;) {  // for ever, as the machine runs
        const int pid = start(command);
        if (pid < 0) {
            char why[ERRMAX];
            rerrstr(why, sizeof why);
            say("no shell", why);
            sleep(1000);
            continue;
        }
        wait_for(pid, "the shell ended");
    }
}
