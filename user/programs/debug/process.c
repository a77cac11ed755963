// The files of a process, its registers and memory by them.
#include "process.h"

const char* const register_names[kRegisters] = {
    "zero", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "fp", "s1", "a0",
    "a1",   "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
    "s6",   "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6", "pc"};
const char* const float_names[kFloats] = {
    "ft0", "ft1", "ft2", "ft3", "ft4",  "ft5",  "ft6", "ft7", "fs0",  "fs1", "fa0",
    "fa1", "fa2", "fa3", "fa4", "fa5",  "fa6",  "fa7", "fs2", "fs3",  "fs4", "fs5",
    "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11"};

int process_file(int pid, const char* file, int mode) {
    char name[64];
    snprint(name, sizeof name, "/proc/%d/%s", pid, file);
    return open(name, mode);
}

int control(int pid, const char* message) {
    const int fd = process_file(pid, "ctl", OWRITE);
    if (fd < 0) return -1;
    const int result = write(fd, message, strlen(message)) < 0 ? -1 : 0;
    close(fd);
    return result;
}

long read_file(int pid, const char* file, void* to, long size, uvlong at) {
    const int fd = process_file(pid, file, OREAD);
    if (fd < 0) return -1;
    const long count = pread(fd, to, size, at);
    close(fd);
    return count;
}

long write_file(int pid, const char* file, const void* from, long size, uvlong at) {
    const int fd = process_file(pid, file, OWRITE);
    if (fd < 0) return -1;
    const long count = pwrite(fd, from, size, at);
    close(fd);
    return count;
}

long read_text(int pid, const char* file, char* to, long room) {
    const int fd = process_file(pid, file, OREAD);
    if (fd < 0) return -1;
    const long count = readn(fd, to, room - 1);
    close(fd);
    to[count < 0 ? 0 : count] = '\0';
    return count;
}

/* Moves words of a register set; what is not written whole was refused. */
static int read_words(int pid, const char* file, uvlong* to, int count) {
    const long size = count * sizeof to[0];
    return read_file(pid, file, to, size, 0) == size ? 0 : -1;
}
static int write_words(int pid, const char* file, const uvlong* from, int count) {
    const long size = count * sizeof from[0];
    return write_file(pid, file, from, size, 0) == size ? 0 : -1;
}

int read_registers(int pid, uvlong registers[kRegisters]) {
    registers[0] = 0;
    return read_words(pid, "regs", registers + 1, kRegisters - 1);
}
int write_registers(int pid, uvlong registers[kRegisters]) {
    return write_words(pid, "regs", registers + 1, kRegisters - 1);
}
int read_floats(int pid, uvlong floats[kFloats + 1]) {
    return read_words(pid, "fpregs", floats, kFloats + 1);
}
int write_floats(int pid, uvlong floats[kFloats + 1]) {
    return write_words(pid, "fpregs", floats, kFloats + 1);
}

long read_memory(int pid, uvlong at, void* to, long size) {
    long done = 0;
    while (done < size) {
        const long count = read_file(pid, "mem", (char*)to + done, size - done, at + done);
        if (count <= 0) return done == 0 ? count : done;
        done += count;
    }
    return done;
}
int write_memory(int pid, uvlong at, const void* from, long size) {
    return write_file(pid, "mem", from, size, at) == size ? 0 : -1;
}

int is_there(int pid) {
    char name[32];
    snprint(name, sizeof name, "/proc/%d", pid);
    return access(name, AEXIST) == 0;
}

const char* state_of(int pid) {
    enum { kName = 28, kUser = 28 }; /* columns of status before the state */
    static char text[177];
    if (read_text(pid, "status", text, sizeof text) <= kName + kUser) return "";
    char* const state = text + kName + kUser;
    char* const end = strchr(state, ' ');
    if (end != nil) *end = '\0';
    return state;
}

const char* program_of(int pid) {
    static char text[4096];
    if (read_text(pid, "maps", text, sizeof text) <= 0) return "";
    for (char *line = text, *end; (end = strchr(line, '\n')) != nil; line = end + 1) {
        *end = '\0';
        const char* const file = strchr(line, '/'); /* memory without a file has none */
        if (file != nil) return file;
    }
    return "";
}

int was_interrupted(void) {
    char why[ERRMAX];
    rerrstr(why, sizeof why);
    return strcmp(why, "interrupted") == 0;
}

int stop_process(int pid) {
    enum { kPatienceMs = 3000 };
    const vlong end = nsec() + kPatienceMs * 1000000ll;
    int result;
    do {
        alarm(kPatienceMs);
        result = control(pid, "stop");
        alarm(0);
    } while (result < 0 && was_interrupted() && nsec() < end); /* another note is no reason */
    return result;
}
