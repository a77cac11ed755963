// The event log: what harts did with traced tasks, for one reader, in order of time.
#pragma once

#include "base/std.h"
#include "base/units.h"
#include "machine/hart.h"

namespace kernel::sched {

/// What happened, with the values that /proc/trace shows (proc-files 3.1).
enum class EventType : u32 {
    kAdmit = 0,     // got its share of a hart in real time
    kRelease = 1,   // a period of it begins
    kEdf = 2,       // runs in its period
    kRun = 3,       // runs as others do
    kReady = 4,     // waits for a hart
    kSleep = 5,     // waits for something else
    kYield = 6,     // gave way by itself
    kSlice = 7,     // had to give way
    kDeadline = 8,  // has used what its period gives it, or the period is over
    kExpel = 9,     // gave its share back
    kDead = 10,     // ended
    kInts = 11,     // an interrupt began while it ran
    kInte = 12,     // and ended
    kUser = 13,     // said so itself
    kLost = 14,     // events that there was no room for
};

/// One event. `label` is what Task::set_traced() was given.
struct Event {
    u32 label;
    EventType type;
    u64 time;  // of machine::now(); of kLost: how many
};

// Each hart writes into room of its own. What has no room is counted, and told where it is missing. Nothing is recorded on
// a hart before it has room.

/// Gives a hart room for events, which must not be empty, or takes it back with all that is in it. Any context.
void give_event_room(machine::HartIndex hart, std::span<Event> room);
void take_event_room(machine::HartIndex hart);

/// The earliest event of all harts that is from before `before`, which has passed: what is told later is not from before it.
/// One caller at a time. Any context. Cost: O(harts).
std::optional<Event> take_event(Nanos before);

/// The running task says kUser of itself, if it is traced. Context: task.
void record_user_event();

}  // namespace kernel::sched
