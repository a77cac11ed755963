// gdbserver: the remote protocol of gdb over the console, for one program of the running machine.
// All it does to processes goes through /proc.
#include "gdbserver.h"

enum { kPacket = 4096, kRoom = 2 * kPacket + 64, kInterrupt = 3 };

static int gdb_fd; /* where gdb is */
static int acks = 1, attached, verbose;
static int current_pid; /* whose registers and memory are asked for */

static void usage(void) {
    fprint(2,
           "usage: gdbserver [-v] [-d device] command [argument ...]\n"
           "       gdbserver [-v] [-d device] -p pid\n"
           "\tspeaks with gdb on the device, /dev/cons if there is no other\n"
           "\t-v say on descriptor 2 what is said\n");
    exits("usage");
}

/*
 * Bytes from gdb, and what happens meanwhile.
 */

static uchar typed[4096]; /* bytes that have come and nobody has looked at */
static int typed_begin, typed_end, gdb_is_gone;
static int console_reader, ticker;

static void read_console(void) {
    for (;;) {
        Event event = {.kind = 'g'};
        const long count = read(gdb_fd, event.bytes, sizeof event.bytes);
        if (count <= 0) event.kind = 'h';
        event.count = count <= 0 ? 0 : count;
        send_event(event);
        if (event.kind == 'h') _exits("");
    }
}

/* New threads say nothing: one looks for them. */
static void tick(void) {
    for (;;) {
        sleep(50);
        send_event((Event){.kind = 't'});
    }
}

/* The next thing that happens; bytes are kept on the way. */
static Event next_event(void) {
    Event event;
    if (readn(event_pipe[0], &event, sizeof event) != sizeof event) event.kind = 'h';
    if (event.kind == 'h') gdb_is_gone = 1;
    if (event.kind != 'g') return event;
    if (typed_begin == typed_end) typed_begin = typed_end = 0;
    if (typed_end + event.count > (int)sizeof typed) {
        memmove(typed, typed + typed_begin, typed_end - typed_begin);
        typed_end -= typed_begin;
        typed_begin = 0;
    }
    for (int i = 0; i < event.count && typed_end < (int)sizeof typed; ++i) {
        typed[typed_end++] = event.bytes[i];
    }
    return event;
}

/* A byte of gdb's; -1: it is gone. */
static int next_byte(void) {
    while (typed_begin == typed_end) {
        if (gdb_is_gone) return -1;
        next_event();
    }
    return typed[typed_begin++];
}

/*
 * Packets: $ text # checksum, of two digits.
 */

static const char kDigits[] = "0123456789abcdef";

static int digit(int c) {
    const char* at = c == 0 ? nil : strchr(kDigits, tolower(c));
    return at == nil ? -1 : at - kDigits;
}

static char reply[kRoom], *reply_end;

static void put(const char* format, ...) {
    va_list list;
    va_start(list, format);
    vsnprint(reply_end, reply + sizeof reply - reply_end, format, list);
    va_end(list);
    reply_end += strlen(reply_end);
}
static void put_hex(const void* from, long size) {
    for (long i = 0; i < size && reply_end + 2 < reply + sizeof reply; ++i) {
        const uchar byte = ((const uchar*)from)[i];
        *reply_end++ = kDigits[byte >> 4];
        *reply_end++ = kDigits[byte & 15];
    }
    *reply_end = '\0';
}

/* Sends what was put, until gdb has it. */
static void send_reply(void) {
    uchar sum = 0;
    for (const char* at = reply; at < reply_end; ++at) sum += *at;
    static char packet[kRoom + 8];
    const long size =
        snprint(packet, sizeof packet, "$%s#%c%c", reply, kDigits[sum >> 4], kDigits[sum & 15]);
    if (verbose) fprint(2, "-> %s\n", packet);
    for (int tries = 0; tries < 8; ++tries) {
        write(gdb_fd, packet, size);
        if (!acks) break;
        int c;
        do c = next_byte();
        while (c != '+' && c != '-' && c != -1);
        if (c != '-') break;
    }
    reply_end = reply;
    *reply_end = '\0';
}

/* The next packet in `text`, or an interrupt, as the text "\003". -1: gdb is gone. */
static int read_packet(char* text, int room) {
    for (;;) {
        int c = next_byte();
        if (c == -1) return -1;
        if (c == kInterrupt) {
            strecpy(text, text + room, "\003");
            return 0;
        }
        if (c != '$') continue;
        uchar sum = 0;
        int size = 0;
        while ((c = next_byte()) != '#' && c != -1) {
            sum += c;
            if (size < room - 1) text[size++] = c;
        }
        text[size] = '\0';
        const int high = digit(next_byte()), low = digit(next_byte());
        const int right = high >= 0 && low >= 0 && sum == (high << 4 | low);
        if (acks) write(gdb_fd, right ? "+" : "-", 1);
        if (!right && acks) continue;
        if (verbose) fprint(2, "<- %s\n", text);
        return 0;
    }
}

/* Text that gdb shows as it is. */
static void say(const char* format, ...) {
    char text[2 * ERRMAX];
    va_list list;
    va_start(list, format);
    vsnprint(text, sizeof text, format, list);
    va_end(list);
    put("O");
    put_hex(text, strlen(text));
    send_reply();
}

/*
 * What gdb asks for.
 */

static const char kTarget[] =
    "<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\"><target version=\"1.0\">"
    "<architecture>riscv:rv64</architecture><osabi>none</osabi>";  // gdb leaves steps to us

static const char* const kNames[] = {"zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "fp",
                                     "s1",   "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7",
                                     "s2",   "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10",
                                     "s11",  "t3", "t4", "t5", "t6", "pc"};
static const char* const kFloatNames[] = {
    "ft0", "ft1", "ft2", "ft3", "ft4",  "ft5",  "ft6", "ft7", "fs0",  "fs1", "fa0",
    "fa1", "fa2", "fa3", "fa4", "fa5",  "fa6",  "fa7", "fs2", "fs3",  "fs4", "fs5",
    "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11"};
enum { kFlags = kRegisters + kFloats, kMode, kControl, kAllRegisters };

/* The registers as gdb is to number them. */
static char* describe_target(void) {
    static char text[8192];
    char* const end = text + sizeof text;
    if (text[0] != '\0') return text;
    char* at = seprint(text, end, "%s<feature name=\"org.gnu.gdb.riscv.cpu\">", kTarget);
    for (int i = 0; i < kRegisters; ++i) {
        const char* type = i == kPc ? "code_ptr" : i == 2 || i == 3 || i == 4 ? "data_ptr" : "int";
        at = seprint(at, end, "<reg name=\"%s\" bitsize=\"64\" type=\"%s\"/>", kNames[i], type);
    }
    at = seprint(at, end, "</feature><feature name=\"org.gnu.gdb.riscv.fpu\">");
    for (int i = 0; i < kFloats; ++i) {
        at = seprint(at, end, "<reg name=\"%s\" bitsize=\"64\" type=\"ieee_double\"/>",
                     kFloatNames[i]);
    }
    for (int i = 0; i < 3; ++i) {
        static const char* const kControls[] = {"fflags", "frm", "fcsr"};
        at = seprint(at, end, "<reg name=\"%s\" bitsize=\"32\" type=\"int\"/>", kControls[i]);
    }
    seprint(at, end, "</feature></target>");
    return text;
}

/* A register of a set: where its bytes are. fflags and frm are parts of fcsr. */
typedef struct Set Set;
struct Set {
    uvlong registers[kRegisters];
    uvlong floats[kFloats + 1];
    ulong flags, mode, control;
};

static int read_set(Thread* thread, Set* set) {
    if (read_registers(thread, set->registers) < 0) return -1;
    if (read_floats(thread, set->floats) < 0) memset(set->floats, 0, sizeof set->floats);
    set->control = set->floats[kFloats];
    set->flags = set->control & 31;
    set->mode = set->control >> 5;
    return 0;
}

static void* place_of(Set* set, int number, long* size) {
    *size = number < kFlags ? 8 : 4;
    if (number < kRegisters) return &set->registers[number];
    if (number < kFlags) return &set->floats[number - kRegisters];
    return number == kFlags ? &set->flags : number == kMode ? &set->mode : &set->control;
}

/* Fills bytes from hexadecimal digits; whether there were so many. */
static int get_hex(const char** text, void* to, long size) {
    for (long i = 0; i < size; ++i) {
        const int high = digit((*text)[0]), low = high < 0 ? -1 : digit((*text)[1]);
        if (low < 0) return 0;
        ((uchar*)to)[i] = high << 4 | low;
        *text += 2;
    }
    return 1;
}

static int write_set(Thread* thread, Set* set, int floats) {
    if (write_registers(thread, set->registers) < 0) return -1;
    return floats ? write_floats(thread, set->floats) : 0;
}

/* Changes register `number`; which half of the set that changes is up to the caller to write. */
static int change(Set* set, int number, const char** text) {
    long size;
    void* place = place_of(set, number, &size);
    if (!get_hex(text, place, size)) return 0;
    if (number == kFlags || number == kMode) {
        set->control = (set->mode << 5 | (set->flags & 31)) & 0xff;
    }
    if (number >= kFlags) set->floats[kFloats] = set->control;
    return 1;
}

/* Why a thread stopped. */
static void put_stop(Thread* thread) {
    thread->reported = 1;
    current_pid = thread->pid;
    put("T%02ux", thread->signal);
    if (thread->watched != 0) put("watch:%llux;", thread->watched);
    put("thread:%ux;", thread->pid);
}

/* Tells gdb what is to be told, or that all have ended; 0: everything goes on. */
static int report(Thread* told) {
    if (thread_count == 0) {
        wait_for_end();
        if (end_status != nil && end_status[0] != '\0') say("exits: %s\n", end_status);
        put("W%02x", end_status == nil || end_status[0] == '\0' ? 0 : 1);
        send_reply();
        return 1;
    }
    if (told == nil) return 0;
    if (told->note[0] != '\0') say("note: %s\n", told->note);
    put_stop(told);
    send_reply();
    return 1;
}

/* Bytes that come while processes run: an interrupt, if there is one. */
static int is_interrupted(void) {
    while (typed_begin < typed_end) {
        if (typed[typed_begin++] == kInterrupt) return 1;
    }
    return 0;
}

/* Events of waiters that were stopped count no more. */
static void forget_events(void) {
    send_event((Event){.kind = 'm'});
    while (!gdb_is_gone && next_event().kind != 'm') continue;
}

/* Those that were resumed run until there is something to tell. */
static void run(void) {
    for (;;) {
        int interrupted = is_interrupted();
        if (begin_waiting() < 0) {
            say("gdbserver: %r\n");
            interrupted = 1;
        }
        Event event = {.kind = 's'};
        if (thread_count == 0) {
            report(nil);
            return;
        }
        while (!interrupted && !gdb_is_gone) {
            event = next_event();
            if (event.kind == 'g') interrupted = is_interrupted();
            if (event.kind == 't' && (event.pid = find_stopped()) != 0) event.kind = 's';
            if (event.kind == 's') break;
        }
        Thread* told = all_stop(interrupted || gdb_is_gone ? 0 : event.pid);
        forget_events();
        if (gdb_is_gone || report(told)) return;
        for (int i = 0; i < thread_count; ++i) {
            if (threads[i].running) resume(&threads[i], 0, threads[i].steps);
        }
    }
}

/* vCont;ACTION[:THREAD];...  The first that names a thread, or none, is its action. */
static void go_on(const char* actions) {
    for (int i = 0; i < thread_count; ++i) {
        if (threads[i].signal == 0 || threads[i].reported) continue;
        report(&threads[i]);
        return;
    }
    for (int i = 0; i < thread_count; ++i) {
        Thread* it = &threads[i];
        for (const char* at = actions; at != nil && *at == ';'; at = strchr(at + 1, ';')) {
            const char action = at[1];
            char* after;
            int signal = 0;
            if (action == 'C' || action == 'S') {
                signal = strtol(at + 2, &after, 16);
            } else {
                after = (char*)at + 2;
            }
            const int whose = *after == ':' ? (int)strtol(after + 1, nil, 16) : -1;
            if (whose > 0 && whose != it->pid) continue;
            it->steps = 0;
            if (resume(it, signal, action == 's' || action == 'S') < 0) say("gdbserver: %r\n");
            break;
        }
    }
    run();
}

/* c, s, Caa, Saa [addr]: the old way. */
static void go_on_current(const char* packet) {
    char actions[32];
    const char action = packet[0];
    if (action == 'c' || action == 's') {
        snprint(actions, sizeof actions, action == 's' ? ";s:%ux;c" : ";c", current_pid);
    } else {
        const int signal = strtol(packet + 1, nil, 16);
        snprint(actions, sizeof actions, ";%c%02ux:%ux;c", action, signal, current_pid);
    }
    go_on(actions);
}

static void put_part(const char* text, const char* range) {
    char* after;
    const ulong offset = strtoul(range, &after, 16);
    const ulong size = *after == ',' ? strtoul(after + 1, nil, 16) : 0;
    const ulong length = strlen(text);
    if (offset >= length) return put("l");
    const ulong count = length - offset < size ? length - offset : size;
    put("%c%.*s", offset + count == length ? 'l' : 'm', (int)count, text + offset);
}

static void query(const char* packet) {
    if (strncmp(packet, "qSupported", 10) == 0) {
        put("PacketSize=%ux;QStartNoAckMode+;qXfer:features:read+;swbreak-;vContSupported+",
            kPacket);
    } else if (strcmp(packet, "qAttached") == 0) {
        put("%d", attached);
    } else if (strcmp(packet, "qC") == 0) {
        put("QC%ux", current_pid);
    } else if (strcmp(packet, "qfThreadInfo") == 0) {
        for (int i = 0; i < thread_count; ++i) put("%c%ux", i == 0 ? 'm' : ',', threads[i].pid);
        if (thread_count == 0) put("l");
    } else if (strcmp(packet, "qsThreadInfo") == 0) {
        put("l");
    } else if (strncmp(packet, "qThreadExtraInfo,", 17) == 0) {
        char name[64], text[64];
        snprint(name, sizeof name, "/proc/%d/status", (int)strtol(packet + 17, nil, 16));
        const int fd = open(name, OREAD);
        const long size = fd < 0 ? 0 : read(fd, text, 27);
        if (fd >= 0) close(fd);
        put_hex(text, size < 0 ? 0 : size);
    } else if (strncmp(packet, "qXfer:features:read:target.xml:", 31) == 0) {
        put_part(describe_target(), packet + 31);
    } else if (strncmp(packet, "qSymbol", 7) == 0) {
        put("OK");
    }
}

static void registers_packet(Thread* thread, const char* packet) {
    Set set;
    long size;
    if (read_set(thread, &set) < 0) return put("E01");
    const char* text = packet + 1;
    char* after;
    const int number = packet[0] == 'p' || packet[0] == 'P' ? strtol(packet + 1, &after, 16) : 0;
    if (number < 0 || number >= kAllRegisters) return put("E02");
    switch (packet[0]) {
        case 'g':
            for (int i = 0; i < kAllRegisters; ++i) {
                const void* place = place_of(&set, i, &size);
                put_hex(place, size);
            }
            return;
        case 'p': {
            const void* place = place_of(&set, number, &size);
            return put_hex(place, size);
        }
        case 'P':
            text = after + 1;
            if (*after != '=' || !change(&set, number, &text)) return put("E02");
            return put(write_set(thread, &set, number >= kRegisters) < 0 ? "E01" : "OK");
        default:
            for (int i = 0; i < kAllRegisters && *text != '\0'; ++i) {
                if (!change(&set, i, &text)) return put("E02");
            }
            return put(write_set(thread, &set, 1) < 0 ? "E01" : "OK");
    }
}

/* m ADDR,SIZE and M ADDR,SIZE:BYTES */
static void memory_packet(Thread* thread, const char* packet) {
    static uchar bytes[kPacket];
    char* after;
    const uvlong at = strtoull(packet + 1, &after, 16);
    const long size = *after == ',' ? strtol(after + 1, &after, 16) : -1;
    if (size < 0 || size > (long)sizeof bytes / 2) return put("E02");
    if (packet[0] == 'm') {
        const long count = read_memory(thread, at, bytes, size);
        return count <= 0 && size != 0 ? put("E14") : put_hex(bytes, count);
    }
    const char* text = after + 1;
    if (*after != ':' || !get_hex(&text, bytes, size)) return put("E02");
    put(size != 0 && write_memory(thread, at, bytes, size) < 0 ? "E14" : "OK");
}

/* Z TYPE,ADDR,KIND and z; what it cannot do it does not know. */
static void point_packet(const char* packet) {
    char* after;
    if (strchr("0234", packet[1]) == nil || packet[2] != ',') return;
    const uvlong at = strtoull(packet + 3, &after, 16);
    const ulong size = *after == ',' ? strtoul(after + 1, nil, 16) : 0;
    if (packet[0] == 'z') remove_point(packet[1], at, size);
    put(packet[0] == 'Z' && add_point(packet[1], at, size) < 0 ? "E02" : "OK");
}

/* Whether there is more to do after it. */
static int obey(const char* packet) {
    if (packet[0] == kInterrupt) return 1; /* nothing runs */
    Thread* thread = find_thread(current_pid);
    if (thread == nil && thread_count > 0) thread = &threads[0];
    switch (packet[0]) {
        case '?':
            if (thread == nil) {
                put("W00");
            } else {
                if (thread->signal == 0) thread->signal = 5;
                put_stop(thread);
            }
            break;
        case 'q':
            query(packet);
            break;
        case 'Q':
            if (strcmp(packet, "QStartNoAckMode") != 0) break;
            put("OK");
            send_reply();
            acks = 0;
            return 1;
        case 'H': {
            const int pid = strtol(packet + 2, nil, 16);
            if (find_thread(pid) != nil) current_pid = pid;
            put(pid <= 0 || find_thread(pid) != nil ? "OK" : "E03");
            break;
        }
        case 'T':
            put(find_thread(strtol(packet + 1, nil, 16)) != nil ? "OK" : "E03");
            break;
        case 'g':
        case 'G':
        case 'p':
        case 'P':
            if (thread != nil)
                registers_packet(thread, packet);
            else
                put("E03");
            break;
        case 'm':
        case 'M':
            if (thread != nil)
                memory_packet(thread, packet);
            else
                put("E03");
            break;
        case 'Z':
        case 'z':
            point_packet(packet);
            break;
        case 'c':
        case 's':
        case 'C':
        case 'S':
            go_on_current(packet);
            return thread_count > 0;
        case 'v':
            if (strcmp(packet, "vCont?") == 0) {
                put("vCont;c;C;s;S");
            } else if (strncmp(packet, "vCont;", 6) == 0) {
                go_on(packet + 5);
                return thread_count > 0;
            } else if (strncmp(packet, "vKill", 5) == 0) {
                kill_all();
                put("OK");
                send_reply();
                return 0;
            }
            break;
        case 'k':
            kill_all();
            return 0;
        case 'D':
            detach();
            put("OK");
            send_reply();
            return 0;
        default:
            break;
    }
    send_reply();
    return 1;
}

/* The console is a console again. */
static int mode_fd = -1;
static void leave(void) {
    if (console_reader > 0) postnote(PNPROC, console_reader, "kill");
    if (ticker > 0) postnote(PNPROC, ticker, "kill");
    console_reader = ticker = 0;
    if (mode_fd >= 0) write(mode_fd, "rawoff intron", 13);
}

/* Its own alarm ends what takes too long. */
static int handle_alarm(Ureg* registers, char* note) {
    USED(registers);
    return strcmp(note, "alarm") == 0;
}

void main(int argc, char* argv[]) {
    char* device = "/dev/cons";
    int pid = 0;
    ARGBEGIN {
        case 'd':
            device = EARGF(usage());
            break;
        case 'p':
            pid = atoi(EARGF(usage()));
            break;
        case 'v':
            verbose = 1;
            break;
        default:
            usage();
    }
    ARGEND
    if ((pid == 0) == (argc == 0)) usage();
    attached = pid != 0;
    gdb_fd = open(device, ORDWR | OCEXEC);
    if (gdb_fd < 0) sysfatal("%s: %r", device);
    atnotify(handle_alarm, 1);
    if (attached ? attach(pid) < 0 : launch(argv) < 0) {
        sysfatal("can't %s: %r", attached ? "stop it" : "begin");
    }
    current_pid = threads[0].pid;
    if (pipe(event_pipe) < 0) sysfatal("pipe: %r");
    if (strcmp(device, "/dev/cons") == 0) {
        mode_fd = open("/dev/consctl", OWRITE);
        if (mode_fd >= 0) write(mode_fd, "rawon introff", 13);
        print("gdbserver: process %d is stopped; now leave the console to gdb: target remote\n",
              current_pid);
    }
    console_reader = fork();
    if (console_reader < 0) sysfatal("fork: %r");
    if (console_reader == 0) read_console();
    ticker = fork();
    if (ticker == 0) tick();
    atexit(leave);
    reply_end = reply;
    static char packet[kRoom];
    while (read_packet(packet, sizeof packet) == 0 && obey(packet)) continue;
    /* Who is left without a debugger goes on. */
    if (gdb_is_gone) detach();
    leave();
    wait_for_end();
    exits(end_status);
}
