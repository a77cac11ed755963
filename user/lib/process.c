// Making processes and asking about them.
#include <libc.h>

char* argv0;
Tos* _tos;

int fork(void) { return rfork(RFPROC | RFFDG | RFREND); }

int getppid(void) {
    char text[16];
    const int fd = open("/dev/ppid", OREAD);
    if (fd < 0) return 0;
    const long size = pread(fd, text, sizeof text - 1, 0);
    close(fd);
    if (size <= 0) return 0;
    text[size] = '\0';
    return atoi(text);
}

char* getuser(void) {
    static char name[32];
    const int fd = open("/dev/user", OREAD);
    if (fd < 0) return "none";
    const long size = pread(fd, name, sizeof name - 1, 0);
    close(fd);
    if (size <= 0) return "none";
    name[size] = '\0';
    return name;
}
