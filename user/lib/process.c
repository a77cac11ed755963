// Making processes and asking about them.
#include <auth.h>
#include <libc.h>

enum { kMostWords = 128 };

char* argv0;
Tos* _tos;

int fork(void) { return rfork(RFPROC | RFFDG | RFREND); }

int execl(const char* name, ...) {
    char* words[kMostWords];
    int count = 0;
    va_list list;
    va_start(list, name);
    while ((words[count] = va_arg(list, char*)) != nil) {
        if (++count < kMostWords) continue;
        va_end(list);
        werrstr("too many arguments");
        return -1;
    }
    va_end(list);
    return exec(name, words);
}

// What a file of one line says; `otherwise` if it cannot be read.
static char* line_of(const char* file, char* line, int room, char* otherwise) {
    const int fd = open(file, OREAD | OCEXEC);
    if (fd < 0) return otherwise;
    const long size = pread(fd, line, room - 1, 0);
    close(fd);
    if (size <= 0) return otherwise;
    line[size] = '\0';
    return line;
}

int getppid(void) {
    char text[16];
    return atoi(line_of("/dev/ppid", text, sizeof text, "0"));
}

char* getuser(void) {
    static char name[32];
    return line_of("/dev/user", name, sizeof name, "none");
}

char* sysname(void) {
    static char name[64];
    return line_of("/dev/sysname", name, sizeof name, nil);
}

void procsetname(const char* format, ...) {
    char file[32], name[128];
    va_list args;
    va_start(args, format);
    const int size = vsnprint(name, sizeof name, format, args);
    va_end(args);
    snprint(file, sizeof file, "/proc/%d/args", getpid());
    const int fd = open(file, OWRITE | OCEXEC);
    if (fd < 0) return;
    write(fd, name, size);
    close(fd);
}

int procsetuser(const char* user) {
    char file[32];
    Dir change;
    nulldir(&change);
    change.uid = (char*)user;
    snprint(file, sizeof file, "/proc/%d/ctl", getpid());
    return dirwstat(file, &change);
}
