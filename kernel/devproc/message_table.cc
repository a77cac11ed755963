// The table of control messages.
#include "devproc/messages.h"

namespace kernel::devproc {
namespace {

constexpr Message kMessageRows[] = {
    {"admit", 0, 0, message_admit, "admit",
     "Gives it a share of a hart in real time: its cost in each period, before its deadline."},
    {"close", 1, 1, message_close, "close N", "Closes its descriptor N, if that is open."},
    {"closefiles", 0, 0, message_closefiles, "closefiles", "Closes all its descriptors."},
    {"cost", 1, 1, message_cost, "cost T",
     "It needs so much time in each period (digits, .digits, s ms us ns); it is expelled first."},
    {"deadline", 1, 1, message_deadline, "deadline T",
     "It needs that so long after a period begins at the latest; the period if not said."},
    {"deadlinenotes", 0, 0, message_deadlinenotes, "deadlinenotes", "For programs of Plan 9 that say it, where it has no effect either."},
    {"event", 0, 0, message_event, "event", "/proc/trace says that the writer, if it is traced, wrote this."},
    {"expel", 0, 0, message_expel, "expel", "Takes its share back."},
    {"extra", 0, 0, message_extra, "extra",
     "In real time, what has used up its cost goes on before others without a share."},
    {"fixedpri", 1, 1, message_fixedpri, "fixedpri N",
     "Sets its priority to N, which using the processor does not lower."},
    {"hang", 0, 0, message_hang, "hang", "It and its children stop at the end of each exec."},
    {"interrupt", 0, 0, message_interrupt, "interrupt",
     "Ends the blocking call it is in, or the next one, with `interrupted`."},
    {"kill", 0, 0, message_kill, "kill", "Ends it, stopped or Broken as it may be."},
    {"nohang", 0, 0, message_nohang, "nohang", "Undoes hang."},
    {"nointerrupt", 0, 0, message_nointerrupt, "nointerrupt", "Undoes interrupt."},
    {"noswap", 0, 0, message_noswap, "noswap", "It is not to be ended for lack of memory."},
    {"period", 1, 1, message_period, "period T", "It needs time again and again after so long."},
    {"pri", 1, 1, message_pri, "pri N", "Sets its priority to N, lowered by use as usual."},
    {"private", 0, 0, message_private, "private",
     "Nobody may look at its memory and registers any more."},
    {"profile", 0, 0, message_profile, "profile",
     "Its profile tells where its program spends its time, from now on."},
    {"sporadic", 0, 0, message_sporadic, "sporadic",
     "In real time, its periods begin when it has something to do."},
    {"start", 0, 0, message_start, "start", "Lets it go on when it is stopped."},
    {"startstop", 0, 0, message_startstop, "startstop",
     "Lets it go on, and waits until it stops: before its next note is delivered."},
    {"startsyscall", 0, 0, message_startsyscall, "startsyscall",
     "Lets it go on, and waits until it stops: where its next call begins, or this one ends."},
    {"stop", 0, 0, message_stop, "stop",
     "Stops it at the end of its call, and waits until it has."},
    {"strace_drop", 1, 1, message_strace_drop, "strace_drop on, strace_drop off",
     "Calls that its trace has no room for are dropped, or wait for the reader."},
    {"straceall", 0, 0, message_straceall, "straceall",
     "Its strace may be read: its calls, and those of children that it makes from now on."},
    {"straceme", 0, 0, message_straceme, "straceme", "Its strace may be read: its own calls."},
    {"straceoff", 0, 0, message_straceoff, "straceoff",
     "It leaves its trace; others in it stay."},
    {"trace", 0, kMessageWords, message_trace, "trace, trace 1, trace 0",
     "/proc/trace tells what harts do with it, or does not; without a number, the other of the two."},
    {"waitstop", 0, 0, message_waitstop, "waitstop", "Waits until it has stopped."},
    {"wired", 1, 2, message_wired, "wired N, wired mask M",
     "Confines it to the hart with id N (negative: one with little to do), or to a set of harts."},
};

constexpr Message kSettingRows[] = {
    {"piddelay", 1, 1, setting_piddelay, "piddelay S",
     "A number rests for S seconds before it is given again (0 to 3600)."},
    {"randompid", 1, 1, setting_randompid, "randompid N",
     "Gives numbers at random, unless N is 0; N from 2 to 99 counts as 100."},
};

constexpr NameTable<Message> kMessages(kMessageRows);
constexpr NameTable<Message> kSettings(kSettingRows);

}  // namespace

const NameTable<Message>& messages() { return kMessages; }
const NameTable<Message>& settings() { return kSettings; }

}  // namespace kernel::devproc
