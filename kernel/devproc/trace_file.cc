// trace: what harts did with traced processes, for one reader.
#include "base/atomic.h"
#include "chan/wall_time.h"
#include "devproc/files.h"
#include "machine/clock.h"
#include "mm/heap.h"
#include "sched/qlock.h"
#include "sched/event_log.h"

namespace kernel::devproc {
namespace {

/// Plan 9's record, native.
struct Record {
    u32 pid;
    u32 type;  // a sched::EventType
    u64 time;  // nanoseconds since 1970; of kLost how many events were lost
};
static_assert(sizeof(Record) == 16);

/// Events that a hart has room for.
constexpr usize kEventsOfHart = 4096;

/// The room of all harts, theirs while this lives.
class Rooms : Pinned {
public:
    static Result<mm::Box<Rooms>> create() {
        mm::Box<Rooms> rooms = TRY(mm::Box<Rooms>::create());
        for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
            rooms->of_harts_[hart] = TRY(mm::Buffer::create(kEventsOfHart * sizeof(sched::Event)));
        }
        for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
            auto* const first = reinterpret_cast<sched::Event*>(rooms->of_harts_[hart].data());
            sched::give_event_room(hart, {first, kEventsOfHart});
        }
        return rooms;
    }
    ~Rooms() {
        for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
            sched::take_event_room(hart);
        }
    }

    /// Held while a reader takes events, of whom the channel may have several.
    sched::QLock& reading() RETURN_CAPABILITY(reading_) { return reading_; }

private:
    std::array<mm::Buffer, machine::kMaxHarts> of_harts_;
    sched::QLock reading_{sync::LockRank::kDevice};
};

Rooms& rooms_at(const chan::Chan& chan) { return *static_cast<Rooms*>(chan.device_pointer); }

// [trace.open] acquire to take it, release to give it back: who opens sees rooms that are closed.
constinit Atomic<u32> open_count{0};  // 0 or 1

}  // namespace

Result<void> open_trace(chan::Chan& chan, const Opening& opening) {
    if (opening.mode != chan::kORead) return Error::kPermission;
    // [trace.open] acquire: see there.
    if (open_count.exchange(1, std::memory_order_acquire) != 0) return Error::kAlreadyOpen;
    Result<mm::Box<Rooms>> rooms = Rooms::create();
    if (!rooms) {
        open_count.store(0, std::memory_order_release);  // [trace.open]
        return rooms.error();
    }
    chan.device_pointer = rooms.value().leak();  // close_trace() has it
    return {};
}

Result<usize> read_trace(const Request& request, Bytes out) {
    Rooms& rooms = rooms_at(request.chan);
    const sched::QLockGuard guard(rooms.reading());
    // What is read is what was before, so that no hart can still add anything between.
    const Nanos now = machine::now();
    const u64 since_1970 = chan::wall_time().value - now.value;
    usize size = 0;
    for (; size + sizeof(Record) <= out.size(); size += sizeof(Record)) {
        const std::optional<sched::Event> event = sched::take_event(now);
        if (!event) break;
        const bool lost = event->type == sched::EventType::kLost;
        const Record record{event->label, static_cast<u32>(event->type), event->time + (lost ? 0 : since_1970)};
        std::memcpy(&out[size], &record, sizeof(record));
    }
    return size;
}

void close_trace(chan::Chan& chan) {
    if (chan.device_pointer == nullptr) return;  // was never opened
    auto* rooms = static_cast<Rooms*>(std::exchange(chan.device_pointer, nullptr));
    mm::Box<Rooms>::adopt(*rooms).reset();
    open_count.store(0, std::memory_order_release);  // [trace.open]
}

}  // namespace kernel::devproc
