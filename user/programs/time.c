// time: runs a command and says how long it took: user, system and real time.
#include <libc.h>

static void run(char* argv[]) {
    exec(argv[0], argv);
    if (argv[0][0] != '/' && strncmp(argv[0], "./", 2) != 0 && strncmp(argv[0], "../", 3) != 0) {
        char* name = smprint("/bin/%s", argv[0]);
        if (name != nil) exec(name, argv);
    }
    sysfatal("%s: %r", argv[0]);
}

void main(int argc, char* argv[]) {
    if (argc < 2) {
        fprint(2, "usage: time command\n");
        exits("usage");
    }
    const int pid = fork();
    if (pid < 0) sysfatal("fork: %r");
    if (pid == 0) run(argv + 1);
    Waitmsg* message;
    do {
        message = wait();
    } while (message != nil && message->pid != pid);
    if (message == nil) sysfatal("wait: %r");
    char text[1024];
    char *at = text, *end = text + sizeof text;
    for (int i = 0; i < 3; ++i) {
        const ulong millis = message->time[i];
        at = seprint(at, end, "%ud.%.2ud%c ", millis / 1000, millis % 1000 / 10, "usr"[i]);
    }
    *--at = '\t';
    ++at;
    for (int i = 1; i < argc; ++i) at = seprint(at, end, " %q", argv[i]);
    fprint(2, "%s\n", text);
    exits(message->msg);
}
