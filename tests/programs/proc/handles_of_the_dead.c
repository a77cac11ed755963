// Whatever is open to a process says `process exited` when it is gone, whoever has its place by then.
#include "../check.h"

static const char* files[] = {"args", "children", "ctl", "cwd", "fd", "fpregs", "info", "limits", "maps", "mem", "note", "noteid",
                              "ns", "ppid", "regs", "segment", "status", "syscall", "threads", "user", "wait", "wchan"};

static void sleeps(void) {
    for (;;) sleep(1000);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    int open_files[nelem(files)];
    int others[8];
    char byte[1];
    for (int round = 0; round < 5; ++round) {
        const int pid = child(sleeps);
        for (usize i = 0; i < nelem(files); ++i) {
            open_files[i] = process_file(pid, files[i], OREAD);
            if (open_files[i] < 0) fail("%s: %r", files[i]);
        }
        const int ctl = process_file(pid, "ctl", OWRITE);
        SAME(control(pid, "kill"), 0);
        ENDS(pid, "Killed");
        // Those that follow take the slot.
        for (usize i = 0; i < nelem(others); ++i) others[i] = child(sleeps);
        for (usize i = 0; i < nelem(files); ++i) {
            if (read(open_files[i], byte, 1) >= 0) fail("%s can be read", files[i]);
            char why[ERRMAX];
            rerrstr(why, sizeof why);
            if (strcmp(why, "process exited") != 0) fail("%s: %s", files[i], why);
            close(open_files[i]);
        }
        FAILS(write(ctl, "kill", 4), "process exited");
        close(ctl);
        for (usize i = 0; i < nelem(others); ++i) {
            SAME(control(others[i], "kill"), 0);
            ENDS(others[i], "Killed");
        }
    }
    exits("");
}
