// What comes from gdb and goes to it: bytes, and packets of them.
#include "gdbserver.h"

#include "debug/events.h"

enum { kInterrupt = 3, kEndOfFile = 4 };

int gdb_fd, acks = 1, verbose, gdb_is_gone, gdb_was_there;

static uchar typed[4096]; /* bytes that have come and nobody has looked at */
static int typed_begin, typed_end;
static int console_reader;

static void read_console(void* argument) {
    USED(argument);
    for (;;) {
        Event event = {.kind = 'g'};
        const long count = read(gdb_fd, event.bytes, sizeof event.bytes);
        if (count <= 0) event.kind = 'h';
        event.count = count <= 0 ? 0 : count;
        send_event(event);
        if (event.kind == 'h') return;
    }
}

static void keep(const Event* event) {
    if (event->kind == 'h') gdb_is_gone = 1;
    if (typed_begin == typed_end) typed_begin = typed_end = 0;
    if (typed_end + event->count > (int)sizeof typed) {
        memmove(typed, typed + typed_begin, typed_end - typed_begin);
        typed_end -= typed_begin;
        typed_begin = 0;
    }
    for (int i = 0; i < event->count && typed_end < (int)sizeof typed; ++i) {
        typed[typed_end++] = event->bytes[i];
    }
}

int begin_listening(void) {
    if (begin_events(keep) < 0) return -1;
    console_reader = fork_sender(read_console, nil);
    return console_reader < 0 ? -1 : 0;
}

void end_listening(void) {
    if (console_reader > 0) postnote(PNPROC, console_reader, "kill");
    console_reader = 0;
    end_events();
}

/* A byte of gdb's; -1: it is gone. Before its first packet Ctrl-C and Ctrl-D are a person's. */
static int next_byte(void) {
    while (typed_begin == typed_end) {
        if (gdb_is_gone) return -1;
        next_event();
    }
    const int byte = typed[typed_begin++];
    if (!gdb_was_there && (byte == kInterrupt || byte == kEndOfFile)) gdb_is_gone = 1;
    return gdb_is_gone ? -1 : byte;
}

/*
 * Packets: $ text # checksum, of two digits.
 */

static const char kDigits[] = "0123456789abcdef";

static int digit(int c) {
    const char* at = c == 0 ? nil : strchr(kDigits, tolower(c));
    return at == nil ? -1 : at - kDigits;
}

static char reply[kRoom], *reply_end = reply;

void put(const char* format, ...) {
    va_list list;
    va_start(list, format);
    vsnprint(reply_end, reply + sizeof reply - reply_end, format, list);
    va_end(list);
    reply_end += strlen(reply_end);
}
void put_hex(const void* from, long size) {
    for (long i = 0; i < size && reply_end + 2 < reply + sizeof reply; ++i) {
        const uchar byte = ((const uchar*)from)[i];
        *reply_end++ = kDigits[byte >> 4];
        *reply_end++ = kDigits[byte & 15];
    }
    *reply_end = '\0';
}

void send_reply(void) {
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

int read_packet(char* text, int room) {
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
        gdb_was_there = 1;
        if (verbose) fprint(2, "<- %s\n", text);
        return 0;
    }
}

void say(const char* format, ...) {
    char text[2 * ERRMAX];
    va_list list;
    va_start(list, format);
    vsnprint(text, sizeof text, format, list);
    va_end(list);
    put("O");
    put_hex(text, strlen(text));
    send_reply();
}

int get_hex(const char** text, void* to, long size) {
    for (long i = 0; i < size; ++i) {
        const int high = digit((*text)[0]), low = high < 0 ? -1 : digit((*text)[1]);
        if (low < 0) return 0;
        ((uchar*)to)[i] = high << 4 | low;
        *text += 2;
    }
    return 1;
}

int is_interrupted(void) {
    while (typed_begin < typed_end) {
        if (typed[typed_begin++] == kInterrupt) return 1;
    }
    return gdb_is_gone;
}
