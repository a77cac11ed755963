// Choosing who ends for want of memory.
#include "proc/killbig.h"

#include "base/log.h"
#include "chan/owner.h"
#include "machine/clock.h"
#include "mm/frames.h"
#include "proc/broken.h"
#include "proc/control.h"
#include "proc/proc_table.h"

namespace kernel::proc {
namespace {

constexpr Nanos kPause = nanos_from_millis(1);
/// Nobody is chosen who has less than this part of all pages.
constexpr u64 kLeastPart = 64;

/// Until when those who end for memory now are waited for. Of whoever has turned `busy`.
struct Choice {
    Atomic<u32> busy{0};  // atomic: [killbig.busy]
    Nanos until{};
};
constinit Choice choice;

}  // namespace

void reset_killbig() {
    choice.busy.store(0, std::memory_order_relaxed);  // relaxed: boot
    choice.until = {};
    mm::set_room_maker(make_room);
}

namespace {

/// A program and its size.
struct Candidate {
    ProcRef ref;
    u64 serial = 0;
    u64 pages = 0;
    Ref<mm::AddressSpace> space;  // so that nobody else's is taken for it
};

/// Whether `proc` is to end anyway.
bool is_ending(Proc& proc) REQUIRES(proc.lock()) {
    return proc.state() != ProcState::kLive || proc.signals().told_to_end();
}

/// Whether `proc`, which is held, may be chosen.
bool may_be_chosen(Proc& proc) REQUIRES(proc.lock()) {
    if (proc.id().pid == 1 || proc.is_kproc() || proc.my_space() == nullptr) return false;
    if (is_ending(proc)) return false;
    const Attributes& attributes = proc.attributes();
    const bool asks = attributes.no_swap || (attributes.mode & 0222) == 0;
    return !asks || proc.caller().user().view() != chan::host_owner().view();
}

Candidate find_largest() {
    Candidate largest;
    ProcTable::Cursor cursor;
    while (const std::optional<ProcRef> ref = table().next(cursor)) {  // ends with the numbers
        sched::yield_if_wanted();
        Ref<mm::AddressSpace> before;  // goes without the lock
        const ProcHold hold = table().hold(*ref);
        if (!hold) continue;
        hold->assert_held();
        if (!may_be_chosen(*hold)) continue;
        const u64 pages = hold->my_space()->resident();
        const u64 serial = hold->id().serial;
        if (std::pair(pages, serial) < std::pair(largest.pages, largest.serial)) continue;
        before = std::exchange(largest.space, hold->space());
        largest.ref = *ref;
        largest.serial = serial;
        largest.pages = pages;
    }
    return largest;
}

/// Ends all that use the memory of `chosen`.
void end_all_of(const Candidate& chosen) {
    ProcTable::Cursor cursor;
    while (const std::optional<ProcRef> ref = table().next(cursor)) {  // ends with the numbers
        sched::yield_if_wanted();
        bool shares = false;
        {
            const ProcHold hold = table().hold(*ref);
            if (!hold || hold->my_space() == nullptr) continue;
            hold->assert_held();
            shares =
                hold->state() == ProcState::kLive && hold->my_space()->has_data_of(*chosen.space);
        }
        if (shares) (void)kill_for_memory(*ref);  // ignored: it has ended by itself
    }
}

/// Whether somebody is on the way out. Who has let go of his space may be giving it back still.
bool somebody_leaves() {
    ProcTable::Cursor cursor;
    while (const std::optional<ProcRef> ref = table().next(cursor)) {  // ends with the numbers
        sched::yield_if_wanted();
        const ProcHold hold = table().hold(*ref);
        if (!hold || hold->is_kproc()) continue;
        hold->assert_held();
        const bool leaves =
            hold->state() == ProcState::kBroken ? hold->signals().released : is_ending(*hold);
        if (leaves) return true;
    }
    return false;
}

void announce(const Candidate& chosen, std::string_view what, u32 asker) {
    FixedString<kNameMax> name;
    {
        const ProcHold hold = table().hold(chosen.ref);
        if (!hold) return;
        hold->assert_held();
        name = hold->attributes().text;
    }
    klog("{}: {} killed: no memory for {} of {}, and it has {} pages", chosen.ref.pid, name.view(),
         what, asker, chosen.pages);
}

/// Whether somebody other than `self` ends, or is made to.
bool choose(Proc& self, std::string_view what) {
    const Nanos now = machine::now();
    if (now < choice.until && somebody_leaves()) return true;
    choice.until = now + kEndPatience;
    // Those that are only kept for debuggers first; whether that helps is seen when they are gone.
    if (release_all_broken()) return true;
    const Candidate largest = find_largest();
    if (!largest.space || largest.ref == self.ref()) return false;
    if (largest.pages < mm::page_counts().total / kLeastPart) return false;
    announce(largest, what, self.id().pid);
    end_all_of(largest);
    return true;
}

}  // namespace

bool make_room(const mm::RoomWanted& wanted) {
    Proc* const self = current_or_null();
    if (self == nullptr || machine::now() - wanted.since > kAskPatience) return false;
    {
        const sync::IrqSaveGuard guard(self->lock());
        if (is_ending(*self)) return false;
    }
    // [killbig.busy] acquire, release: what was chosen before; one chooses, the others wait with
    // it.
    if (choice.busy.exchange(1, std::memory_order_acquire) == 0) {
        const bool somebody = choose(*self, wanted.what);
        choice.busy.store(0, std::memory_order_release);
        if (!somebody) return false;
    }
    sched::Rendez nobody_wakes;
    const sched::WaitReason reason("Nomem");
    sched::sleep_until_uninterruptible(nobody_wakes, machine::now() + kPause, [] { return false; });
    return true;
}

}  // namespace kernel::proc
