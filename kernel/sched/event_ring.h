// EventRing: the events of one hart, until they are read.
#pragma once

#include "base/annotations.h"
#include "base/std.h"
#include "base/units.h"
#include "sched/event_log.h"
#include "sync/spin_lock.h"

namespace kernel::sched::detail {

/// Its hart adds, one reader takes. A lock, for the room comes and goes; nobody waits for it but while a reader looks.
/// Invariant: events lie by time, for their times are taken under the lock.
class EventRing : Pinned {
public:
    void give_room(std::span<Event> room) EXCLUDES(lock_);
    void take_room() EXCLUDES(lock_);

    /// Adds an event of now; the newest is lost if there is no room. Any context.
    void add(u32 label, EventType type) EXCLUDES(lock_);

    /// When the first event was; nothing if there is none.
    std::optional<Nanos> first_time() EXCLUDES(lock_);
    /// Takes the first event, which is there.
    Event take_first() EXCLUDES(lock_);

private:
    void push(const Event& event) REQUIRES(lock_);
    /// Puts what was lost before what comes now, if there is room for both.
    void tell_lost(usize room_wanted) REQUIRES(lock_);

    sync::SpinLock<sync::LockRank::kEvents> lock_;
    std::span<Event> room_ GUARDED_BY(lock_);
    usize first_ GUARDED_BY(lock_) = 0;
    usize count_ GUARDED_BY(lock_) = 0;
    u32 lost_ GUARDED_BY(lock_) = 0;  // and not told yet
    u64 lost_since_ GUARDED_BY(lock_) = 0;
};

}  // namespace kernel::sched::detail
