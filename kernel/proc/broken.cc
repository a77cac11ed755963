// The few Broken processes, oldest first.
#include "proc/broken.h"

#include "base/late.h"
#include "machine/user.h"
#include "proc/delivery.h"
#include "proc/proc_table.h"

namespace kernel::proc {
namespace {

/// References, not pointers: one that was released otherwise is found gone when it is held.
struct BrokenList {
    sync::SpinLock<sync::LockRank::kProcTable> lock;
    std::array<ProcRef, kBrokenKept> kept GUARDED_BY(lock){};  // oldest first
    usize count GUARDED_BY(lock) = 0;
};
constinit Late<BrokenList> list;

/// Puts `ref` in; returns the one it displaces, if any.
ProcRef put(ProcRef ref) {
    BrokenList& all = *list;
    const sync::IrqSaveGuard guard(all.lock);
    ProcRef displaced;
    if (all.count == kBrokenKept) {
        displaced = all.kept[0];
        std::copy(all.kept.begin() + 1, all.kept.end(), all.kept.begin());
        --all.count;
    }
    all.kept[all.count++] = ref;
    return displaced;
}

void take_out(ProcRef ref) {
    BrokenList& all = *list;
    const sync::IrqSaveGuard guard(all.lock);
    const auto end = all.kept.begin() + all.count;
    all.count = static_cast<usize>(std::remove(all.kept.begin(), end, ref) - all.kept.begin());
}

/// Whether it was there, and not on its way already.
bool release(ProcRef ref) {
    const ProcHold hold = table().hold(ref);
    if (!hold) return false;
    hold->assert_held();
    if (hold->state() != ProcState::kBroken || hold->signals().released) return false;
    release_broken_locked(*hold);
    return true;
}

}  // namespace

void become_broken(Proc& self) {
    machine::put_floats_away();  // where its debugger looks for them
    {
        const sync::IrqSaveGuard guard(self.lock());
        self.set_state(ProcState::kBroken);
        ++self.signals().stops;
        detach_debugger_locked(self, StopOutcome::kStopped);
    }
    // Who displaces it later must find it Broken, or it would be in no list and stay.
    (void)release(put(self.ref()));  // ignored: there may be none
}

void stay_broken(Proc& self) {
    sched::sleep_uninterruptible(
        self.stop_rendez(),
        [&self] {
            const sync::IrqSaveGuard guard(self.lock());
            return self.signals().released;
        },
        sched::TaskState::kBroken);
    take_out(self.ref());
}

void release_broken_locked(Proc& proc) {
    proc.signals().released = true;
    sched::wakeup(proc.stop_rendez());
}

bool release_all_broken() {
    std::array<ProcRef, kBrokenKept> all;
    {
        BrokenList& kept = *list;
        const sync::IrqSaveGuard guard(kept.lock);
        all = kept.kept;
        std::fill(all.begin() + kept.count, all.end(), ProcRef{});
    }
    bool any = false;
    for (const ProcRef ref : all) any = release(ref) || any;
    return any;
}

void reset_broken() { list.make(); }

}  // namespace kernel::proc
