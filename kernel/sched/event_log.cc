// Rings of events, and how the log of all harts comes out of them in order.
#include "sched/event_log.h"

#include "base/assert.h"
#include "machine/clock.h"
#include "sched/core.h"

namespace kernel::sched {

namespace detail {

void EventRing::give_room(std::span<Event> room) {
    sync::IrqSaveGuard guard(lock_);
    ASSERT(room_.empty() && !room.empty());
    room_ = room;
}

void EventRing::take_room() {
    sync::IrqSaveGuard guard(lock_);
    room_ = {};
    first_ = 0;
    count_ = 0;
    lost_ = 0;
}

void EventRing::add(u32 label, EventType type) {
    sync::IrqSaveGuard guard(lock_);
    if (room_.empty()) return;
    const u64 now = machine::now().value;
    tell_lost(2);
    if (lost_ != 0 || count_ == room_.size()) {
        if (lost_ == 0) lost_since_ = now;
        if (lost_ != ~u32{0}) ++lost_;
        return;
    }
    push({label, type, now});
}

void EventRing::push(const Event& event) { room_[(first_ + count_++) % room_.size()] = event; }

void EventRing::tell_lost(usize room_wanted) {
    if (lost_ == 0 || room_.size() - count_ < room_wanted) return;
    // In the ring its time says when, as that of others does, and its label how many.
    push({std::exchange(lost_, 0), EventType::kLost, lost_since_});
}

std::optional<Nanos> EventRing::first_time() {
    sync::IrqSaveGuard guard(lock_);
    // What was lost last has nothing behind it.
    if (count_ == 0 && !room_.empty()) tell_lost(1);
    if (count_ == 0) return {};
    return Nanos{room_[first_].time};
}

Event EventRing::take_first() {
    sync::IrqSaveGuard guard(lock_);
    ASSERT(count_ != 0);
    Event event = room_[first_];
    first_ = (first_ + 1) % room_.size();
    --count_;
    if (event.type == EventType::kLost) event = {0, EventType::kLost, event.label};
    return event;
}

void Core::record_slowly(u32 label, EventType type) {
    const machine::InterruptsOff off;  // stays on this hart
    mine().events.add(label, type);
}

}  // namespace detail

using detail::Core;

void give_event_room(machine::HartIndex hart, std::span<Event> room) {
    Core::of(hart).events.give_room(room);
}

void take_event_room(machine::HartIndex hart) { Core::of(hart).events.take_room(); }

std::optional<Event> take_event(Nanos before) {
    detail::EventRing* earliest = nullptr;
    Nanos when = before;
    for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
        detail::EventRing& ring = Core::of(hart).events;
        const std::optional<Nanos> time = ring.first_time();
        if (!time || *time >= when) continue;
        earliest = &ring;
        when = *time;
    }
    if (earliest == nullptr) return {};
    return earliest->take_first();
}

void record_user_event() { Core::record(Task::current(), EventType::kUser); }

}  // namespace kernel::sched
