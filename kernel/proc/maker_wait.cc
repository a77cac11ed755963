// The wait of vfork.
#include "proc/maker_wait.h"

#include "mm/object_cache.h"
#include "proc/delivery.h"
#include "proc/proc.h"

namespace kernel::proc {
namespace {

constinit mm::ObjectCache<MakerWait> waits("makerwait");

/// Whether it was told to end, or has a note that ends it, which then stays its end: nobody may
/// take it back while its child goes on in the memory of both.
bool is_ending(Proc& self) {
    const sync::IrqSaveGuard guard(self.lock());
    Signals& signals = self.signals();
    if (signals.told_to_end()) return true;
    if (!has_pending_locked(self) || signals.handles()) return false;
    signals.doomed = true;
    return true;
}

}  // namespace

Result<Ref<MakerWait>> MakerWait::create() { return Ref<MakerWait>::adopt(*TRY(waits.create())); }

void MakerWait::destroy(MakerWait& wait) { waits.destroy(wait); }

void MakerWait::wait_as(Proc& maker) {
    const auto released = [this] {
        const sync::IrqSaveGuard guard(lock_);
        return released_;
    };
    bool interrupted = false;
    while (!sched::sleep(rendez_, released).ok()) {  // ends with either's end or an exec
        interrupted = true;
        if (is_ending(maker)) break;
        maker.task().clear_interrupt();
        // What came before the flag was cleared is seen now, what comes later sets it again.
        if (is_ending(maker)) break;
    }
    if (!interrupted) return;
    // Notes that came meanwhile are met at the end of the call.
    const sync::IrqSaveGuard guard(maker.lock());
    if (maker.signals().interrupt_wanted()) (void)maker.task().interrupt();  // ignored: no waiter
}

void MakerWait::release() {
    {
        const sync::IrqSaveGuard guard(lock_);
        released_ = true;
    }
    sched::wakeup(rendez_);
}

}  // namespace kernel::proc
