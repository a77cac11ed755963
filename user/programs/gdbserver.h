// What the parts of gdbserver share: packets, and what gdb calls a signal.
#ifndef PROCYON_GDBSERVER_H
#define PROCYON_GDBSERVER_H

#include "debug/target.h"

/* gdbserver_packets.c */
enum { kPacket = 4096, kRoom = 2 * kPacket + 64 };
extern int gdb_fd;                                    /* where gdb is */
extern int gdb_is_gone, gdb_was_there, acks, verbose; /* it was: it has sent a packet */

/* From then on there are bytes from gdb, and events; what returns int gives -1 when it fails. */
int begin_listening(void);
void end_listening(void);
/* The next packet in `text`, or an interrupt, as the text "\003". -1: gdb is gone, or before its
 * first packet a person typed Ctrl-C or Ctrl-D. */
int read_packet(char* text, int room);
/* While processes run: whether gdb interrupts, or is gone. */
int is_interrupted(void);

/* The reply: what is put, in pieces, until it is sent and gdb has it. */
void put(const char* format, ...);
void put_hex(const void* from, long size);
void send_reply(void);
/* Text that gdb shows as it is. */
void say(const char* format, ...);
/* Fills bytes from hexadecimal digits; whether there were so many. */
int get_hex(const char** text, void* to, long size);

/* gdbserver_signals.c. Why it stopped, 0: because another did; and the note that it is to meet if
 * it goes on with a signal, nil for 0. */
int signal_of(const Thread*);
const char* note_of(const Thread*, int signal);

#endif
