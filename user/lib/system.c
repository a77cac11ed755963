// What the system says of itself and of time that was used; and what is said to its log.
#include <libc.h>

long times(long milliseconds[4]) {
    char file[32], text[512];
    char* words[12];
    if (milliseconds != nil) memset(milliseconds, 0, 4 * sizeof *milliseconds);
    snprint(file, sizeof file, "/proc/%d/status", getpid());
    const int fd = open(file, OREAD | OCEXEC);
    if (fd < 0) return -1;
    const long size = pread(fd, text, sizeof text - 1, 0);
    close(fd);
    if (size <= 0) return -1;
    text[size] = '\0';
    // Name, user, state; then user, system and real time, and those of children.
    if (tokenize(text, words, nelem(words)) < (int)nelem(words)) return -1;
    static const uchar kColumns[] = {3, 4, 6, 7};
    for (uint i = 0; milliseconds != nil && i < nelem(kColumns); ++i) {
        milliseconds[i] = strtoul(words[kColumns[i]], nil, 10);
    }
    return strtoul(words[5], nil, 10);
}

void cycles(uvlong* count) { __asm__ volatile("rdtime %0" : "=r"(*count)); }

int iounit(int fd) {
    char file[32], line[256];
    char* words[16];
    int unit = 0;
    snprint(file, sizeof file, "/proc/%d/fd", getpid());
    const int list = open(file, OREAD | OCEXEC);
    if (list < 0) return 0;
    // The current directory, then a line a read: number, mode, device, unit ...
    for (long size; (size = read(list, line, sizeof line - 1)) > 0;) {
        line[size] = '\0';
        const int count = tokenize(line, words, nelem(words));
        if (count < 8 || atoi(words[0]) != fd) continue;
        unit = atoi(words[7]);
        break;
    }
    close(list);
    return unit;
}

void syslog(int console, const char* log, const char* format, ...) {
    char line[1024], file[128];
    const char* name = sysname();
    char* const end = line + sizeof line - 1;  // and a newline
    char* date = ctime(time(nil));
    // Mon Nov 23 01:02:03: without the year.
    char* at = seprint(line, end, "%s %.15s ", name != nil ? name : "?", date + 4);
    va_list args;
    va_start(args, format);
    at = vseprint(at, end, format, args);
    va_end(args);
    *at++ = '\n';
    snprint(file, sizeof file, "/sys/log/%s", log);
    int fd = open(file, OWRITE | OCEXEC);
    if (fd >= 0) {
        seek(fd, 0, SEEKEND);
        write(fd, line, at - line);
        close(fd);
        if (!console) return;
    }
    fd = open("/dev/cons", OWRITE | OCEXEC);
    if (fd < 0) return;
    write(fd, line, at - line);
    close(fd);
}
