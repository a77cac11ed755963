// gdbserver: the remote protocol of gdb over the console, for one program of the running machine.
// All it does to processes goes through /proc.
#include "gdbserver.h"

static int attached, mode_fd = -1;
static int current_pid; /* whose registers and memory are asked for */

static void usage(void) {
    fprint(
        2,
        "usage: gdbserver [-v] [-d device] command [argument ...]\n"
        "       gdbserver [-v] [-d device] -p pid\n"
        "\tspeaks with gdb on the device, /dev/cons if there is no other\n"
        "\tuntil gdb speaks, Ctrl-C or Ctrl-D leave: the command ends, the process of -p goes on\n"
        "\t-v say on descriptor 2 what is said\n");
    exits("usage");
}

static const char kTarget[] =
    "<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\"><target version=\"1.0\">"
    "<architecture>riscv:rv64</architecture><osabi>none</osabi>";  // gdb leaves steps to us

enum { kFlags = kRegisters + kFloats, kMode, kControl, kAllRegisters };

/* The registers as gdb is to number them. */
static char* describe_target(void) {
    static char text[8192];
    char* const end = text + sizeof text;
    if (text[0] != '\0') return text;
    char* at = seprint(text, end, "%s<feature name=\"org.gnu.gdb.riscv.cpu\">", kTarget);
    for (int i = 0; i < kRegisters; ++i) {
        const char* type = i == kPc ? "code_ptr" : i == 2 || i == 3 || i == 4 ? "data_ptr" : "int";
        at = seprint(at, end, "<reg name=\"%s\" bitsize=\"64\" type=\"%s\"/>", register_names[i],
                     type);
    }
    at = seprint(at, end, "</feature><feature name=\"org.gnu.gdb.riscv.fpu\">");
    for (int i = 0; i < kFloats; ++i) {
        at = seprint(at, end, "<reg name=\"%s\" bitsize=\"64\" type=\"ieee_double\"/>",
                     float_names[i]);
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
    if (read_registers(thread->pid, set->registers) < 0) return -1;
    if (read_floats(thread->pid, set->floats) < 0) memset(set->floats, 0, sizeof set->floats);
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

static int write_set(Thread* thread, Set* set, int floats) {
    if (write_registers(thread->pid, set->registers) < 0) return -1;
    return floats ? write_floats(thread->pid, set->floats) : 0;
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
    /* One that was stopped for gdb stopped as by a breakpoint. */
    put("T%02ux", thread->reason == kNoReason ? 5 : signal_of(thread));
    if (thread->reason == kWatched && thread->watched != 0) put("watch:%llux;", thread->watched);
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
    if (told->reason == kBroken) say("note: it is Broken\n");
    put_stop(told);
    send_reply();
    return 1;
}

/* Those that were resumed run until there is something to tell. */
static void go_on_and_report(void) {
    Thread* const told = run(is_interrupted);
    if (trouble[0] != '\0') say("gdbserver: %s\n", trouble);
    if (!gdb_is_gone) report(told);
}

/* vCont;ACTION[:THREAD];...  The first that names a thread, or none, is its action. */
static void go_on(const char* actions) {
    for (int i = 0; i < thread_count; ++i) {
        if (threads[i].reason == kNoReason || threads[i].reported) continue;
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
            if (resume(it, note_of(it, signal), action == 's' || action == 'S') < 0)
                say("gdbserver: %r\n");
            break;
        }
    }
    go_on_and_report();
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
        const long count = read_memory(thread->pid, at, bytes, size);
        return count <= 0 && size != 0 ? put("E14") : put_hex(bytes, count);
    }
    const char* text = after + 1;
    if (*after != ':' || !get_hex(&text, bytes, size)) return put("E02");
    put(size != 0 && write_memory(thread->pid, at, bytes, size) < 0 ? "E14" : "OK");
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
    if (packet[0] == '\003') return 1; /* nothing runs */
    Thread* thread = find_thread(current_pid);
    if (thread == nil && thread_count > 0) thread = &threads[0];
    switch (packet[0]) {
        case '?':
            if (thread == nil)
                put("W00");
            else
                put_stop(thread);
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
static void leave(void) {
    end_listening();
    if (mode_fd >= 0) write(mode_fd, "rawoff intron", 13);
}

/* Its own alarm ends what takes too long. Other notes are as if gdb had gone. */
static int handle_note(void* registers, char* note) {
    USED(registers);
    if (strncmp(note, "sys:", 4) == 0) return 0;
    gdb_is_gone |= strcmp(note, "alarm") != 0;
    return 1;
}

/* Who is left without a debugger goes on; but a command of ours that gdb never saw ends. */
static void let_it_be(void) {
    if (gdb_was_there || attached)
        detach();
    else
        kill_all();
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
    atnotify(handle_note, 1);
    if (attached ? attach(pid) < 0 : launch(argv) < 0) {
        sysfatal("can't %s: %r", attached ? "stop it" : "begin");
    }
    current_pid = threads[0].pid;
    if (strcmp(device, "/dev/cons") == 0) {
        mode_fd = open("/dev/consctl", OWRITE);
        if (mode_fd >= 0) write(mode_fd, "rawon introff", 13);
        /* Who waits for the last words passes on to gdb all that follows. */
        print(
            "gdbserver: process %d is stopped; Ctrl-C or Ctrl-D %s; "
            "or leave the console to gdb: target remote\n",
            current_pid, attached ? "lets it go on" : "ends it");
    }
    if (begin_listening() < 0) sysfatal("can't listen: %r");
    atexit(leave);
    static char packet[kRoom];
    while (read_packet(packet, sizeof packet) == 0 && obey(packet)) continue;
    if (gdb_is_gone) let_it_be();
    leave();
    wait_for_end();
    exits(end_status);
}
