// Meeting: the first waits on its stack, the second finds it.
#include "proc/rendezvous.h"

#include "mm/object_cache.h"

namespace kernel::proc {
namespace {

constinit mm::ObjectCache<RendezvousGroup> groups("rendezvous");

}  // namespace

Result<Ref<RendezvousGroup>> RendezvousGroup::create() {
    return Ref<RendezvousGroup>::adopt(*TRY(groups.create()));
}

void RendezvousGroup::destroy(RendezvousGroup& group) { groups.destroy(group); }

Result<u64> RendezvousGroup::meet(u64 tag, u64 value) {
    Waiter me;
    {
        const sync::IrqSaveGuard guard(lock_);
        auto& list = list_of(tag);
        for (Waiter& other : list) {
            if (other.tag != tag) continue;
            list.remove(other);
            const u64 theirs = std::exchange(other.value, value);
            other.met = true;
            sched::wakeup(other.rendez);
            return theirs;
        }
        me.tag = tag;
        me.value = value;
        list.push_back(me);
    }
    const auto met = [this, &me] {
        const sync::IrqSaveGuard guard(lock_);
        return me.met;
    };
    const Result<void> slept = sched::sleep(me.rendez, met, sched::TaskState::kRendez);
    const sync::IrqSaveGuard guard(lock_);
    if (me.met) return me.value;
    list_of(tag).remove(me);
    return slept.error();
}

}  // namespace kernel::proc
