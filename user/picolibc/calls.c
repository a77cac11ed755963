// What picolibc asks of a system, in terms of ours. A failed call leaves its text for errstr() and
// an errno near it.
#include <abi.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

// The stubs of lib/syscall.S, under the names that no C library has.
int sys_open(const char* name, int mode);
int sys_create(const char* name, int mode, unsigned permissions);
int sys_close(int fd);
int sys_remove(const char* name);
long sys_pread(int fd, void* buffer, long size, long offset);
long sys_pwrite(int fd, const void* buffer, long size, long offset);
long sys_seek(int fd, long offset, int from);
int sys_errstr(char* text, unsigned size);
int sys_brk_(void* end);
void sys_exits(const char* status) __attribute__((noreturn));

int main(int argc, char* argv[]);
void procyon_main(int argc, char* argv[]) __attribute__((noreturn));

// The number for the last error's text.
static int to_errno(void) {
    static const struct {
        const char* text;
        int number;
    } kNumbers[] = {
        {"file does not exist", ENOENT},
        {"permission denied", EACCES},
        {"file is a directory", EISDIR},
        {"not a directory", ENOTDIR},
        {"interrupted", EINTR},
        {"fd out of range or not open", EBADF},
        {"no free file descriptors", EMFILE},
        {"file already exists", EEXIST},
    };
    char text[ERRMAX] = "";
    int number = EIO;
    sys_errstr(text, sizeof text);
    for (unsigned i = 0; i < sizeof kNumbers / sizeof kNumbers[0]; ++i) {
        // Names may follow the text.
        if (strncmp(text, kNumbers[i].text, strlen(kNumbers[i].text)) == 0)
            number = kNumbers[i].number;
    }
    sys_errstr(text, sizeof text);
    return number;
}

static long checked(long result) {
    if (result == -1) errno = to_errno();
    return result;
}

ssize_t read(int fd, void* buffer, size_t size) { return checked(sys_pread(fd, buffer, size, -1)); }
ssize_t write(int fd, const void* buffer, size_t size) {
    return checked(sys_pwrite(fd, buffer, size, -1));
}
off_t lseek(int fd, off_t offset, int from) { return checked(sys_seek(fd, offset, from)); }
int close(int fd) { return checked(sys_close(fd)); }
int unlink(const char* name) { return checked(sys_remove(name)); }

int open(const char* name, int flags, ...) {
    int mode = flags & O_ACCMODE;
    if (flags & O_TRUNC) mode |= OTRUNC;
    int fd = flags & O_CREAT && flags & O_EXCL ? -1 : sys_open(name, mode);
    if (fd < 0 && flags & O_CREAT) {
        if (flags & O_EXCL) mode |= OEXCL;
        fd = sys_create(name, mode & ~OTRUNC, 0666);
    }
    if (fd >= 0 && flags & O_APPEND) sys_seek(fd, 0, SEEK_END);
    return checked(fd);
}

void* sbrk(ptrdiff_t increment) {
    extern char end[];
    static char* current = end;
    char* const before = (char*)(((uintptr_t)current + 15) & ~(uintptr_t)15);
    if (increment != 0 && checked(sys_brk_(before + increment)) < 0) return (void*)-1;
    current = before + increment;
    return before;
}

// Exit status n is the text n, and 0 success.
void _exit(int status) {
    char text[16];
    char* at = text + sizeof text;
    unsigned rest = status < 0 ? -(unsigned)status : (unsigned)status;
    *--at = '\0';
    if (status == 0) sys_exits(at);
    for (; rest != 0; rest /= 10) *--at = '0' + rest % 10;
    if (status < 0) *--at = '-';
    sys_exits(at);
}

// What is formatted goes out when the buffer is full or the program ends.
static char out_buffer[1024];
static unsigned out_count;

static int flush_out(FILE* file) {
    (void)file;
    unsigned done = 0;
    while (done < out_count) {
        const ssize_t size = write(STDOUT_FILENO, out_buffer + done, out_count - done);
        if (size <= 0) break;
        done += size;
    }
    const int lost = done < out_count;
    out_count = 0;
    return lost ? EOF : 0;
}

static int put_out(char byte, FILE* file) {
    if (out_count == sizeof out_buffer && flush_out(file) < 0) return EOF;
    out_buffer[out_count++] = byte;
    return (unsigned char)byte;
}

static int put_error(char byte, FILE* file) {
    (void)file;
    return write(STDERR_FILENO, &byte, 1) == 1 ? (unsigned char)byte : EOF;
}

static int get_in(FILE* file) {
    static unsigned char buffer[1024];
    static ssize_t at, size;
    (void)file;
    if (at == size) {
        at = 0;
        size = read(STDIN_FILENO, buffer, sizeof buffer);
        if (size <= 0) return size = 0, EOF;
    }
    return buffer[at++];
}

static FILE in_file = FDEV_SETUP_STREAM(NULL, get_in, NULL, _FDEV_SETUP_READ);
static FILE out_file = FDEV_SETUP_STREAM(put_out, NULL, flush_out, _FDEV_SETUP_WRITE);
static FILE error_file = FDEV_SETUP_STREAM(put_error, NULL, NULL, _FDEV_SETUP_WRITE);
FILE* const stdin = &in_file;
FILE* const stdout = &out_file;
FILE* const stderr = &error_file;

static void flush_at_exit(void) { fflush(stdout); }

void procyon_main(int argc, char* argv[]) {
    atexit(flush_at_exit);
    exit(main(argc, argv));
}
