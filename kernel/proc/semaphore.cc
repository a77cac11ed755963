// Semaphores: the value is the program's; the kernel keeps who waits.
#include "proc/semaphore.h"

#include "base/annotations.h"
#include "base/late.h"
#include "base/list.h"
#include "machine/clock.h"
#include "mm/user_copy.h"
#include "proc/proc.h"
#include "proc/watching.h"
#include "sync/spin_lock.h"

namespace kernel::proc {
namespace {

/// What makes two addresses the same semaphore: the place in common pages, or in one space.
struct Key {
    const void* of = nullptr;
    u64 at = 0;

    bool operator==(const Key&) const = default;
};

/// On the waiter's stack. Whoever wakes it takes it out of its list, under the lock, which the
/// waiter takes before it leaves.
struct Waiter {
    explicit Waiter(const mm::AddressSpace& from) : space(&from) {}

    const mm::AddressSpace* const space;
    Key key;  // of the list it is in
    bool woken = false;
    sched::Rendez rendez;
    ListHook<Waiter> hook;
};

using WaiterList = List<Waiter, &Waiter::hook>;

struct Queue {
    sync::SpinLock<sync::LockRank::kRendezGroup> lock;
    WaiterList waiters GUARDED_BY(lock);
};
struct Queues {
    std::array<Queue, 64> all;
};
constinit Late<Queues> queues;

Queue& queue_of(const Key& key) {
    const u64 mixed = (reinterpret_cast<u64>(key.of) >> 6) ^ (key.at >> 2) ^ (key.at >> 9);
    return queues->all[mixed % queues->all.size()];
}

/// Takes one if there is one.
Result<bool> try_acquire(mm::AddressSpace& space, VirtAddr at) {
    u32 seen = TRY(mm::exchange_user(space, at, 0, 0));
    for (;;) {  // lock-free: each failure is another's success
        if (static_cast<i32>(seen) < 0) return Error::kBadArg;
        if (seen == 0) return false;
        const u32 found = TRY(mm::exchange_user(space, at, seen, seen - 1));
        if (found == seen) {
            touched_by_call(space, at, sizeof(u32), true, true);
            return true;
        }
        seen = found;
    }
}

/// Wakes the first `count` that wait.
void wake(const Key& key, u32 count) {
    Queue& queue = queue_of(key);
    const sync::IrqSaveGuard guard(queue.lock);
    for (auto i = queue.waiters.begin(); count > 0 && i != queue.waiters.end();) {
        Waiter& waiter = *i;
        ++i;
        if (waiter.key != key) continue;
        queue.waiters.remove(waiter);
        waiter.woken = true;
        sched::wakeup(waiter.rendez);
        --count;
    }
}

void enter(Queue& queue, Waiter& me) {
    const sync::IrqSaveGuard guard(queue.lock);
    me.woken = false;
    queue.waiters.push_back(me);
}

/// Whether somebody had woken it.
bool leave(Queue& queue, Waiter& me) {
    const sync::IrqSaveGuard guard(queue.lock);
    if (!me.woken) queue.waiters.remove(me);
    return me.woken;
}

Key key_of(mm::AddressSpace& space, VirtAddr at) {
    const auto [store, offset] = space.place_of(at);
    return {store, offset};
}

}  // namespace

Result<bool> acquire_semaphore(VirtAddr at, Nanos deadline) {
    mm::AddressSpace& space = *current().my_space();
    if (TRY(try_acquire(space, at))) return true;
    if (deadline == kNoWait) return false;
    Waiter me(space);
    for (;;) {  // ends with the semaphore, an interrupt or the deadline
        me.key = key_of(space, at);
        Queue& queue = queue_of(me.key);
        // First in the list, then a look: who adds one later finds us there.
        enter(queue, me);
        // Whoever moves it after this look finds us there, too.
        if (key_of(space, at) != me.key) {
            if (leave(queue, me)) wake(me.key, 1);
            continue;
        }
        const Result<bool> taken = try_acquire(space, at);
        Result<bool> slept = true;
        if (taken.ok() && !taken.value()) {
            const auto woken = [&queue, &me] {
                const sync::IrqSaveGuard guard(queue.lock);
                return me.woken;
            };
            slept = sched::sleep_until(me.rendez, deadline, woken);
        }
        const bool woken = leave(queue, me);
        const bool done = !taken.ok() || taken.value() || !slept.ok() || !slept.value();
        if (!done) continue;
        // Whoever woke us meant it for somebody who takes it.
        if (woken) wake(me.key, 1);
        if (!taken.ok()) return taken.error();
        if (taken.value()) return true;
        if (!slept.ok()) return slept.error();
        return false;
    }
}

Result<u64> release_semaphore(VirtAddr at, i32 count) {
    if (count < 0) return Error::kBadArg;
    mm::AddressSpace& space = *current().my_space();
    u32 seen = TRY(mm::exchange_user(space, at, 0, 0));
    for (;;) {  // lock-free: each failure is another's success
        const u32 after = seen + static_cast<u32>(count);
        if (static_cast<i32>(seen) < 0 || static_cast<i32>(after) < 0) return Error::kBadArg;
        const u32 found = TRY(mm::exchange_user(space, at, seen, after));
        if (found == seen) {
            touched_by_call(space, at, sizeof(u32), true, true);
            wake(key_of(space, at), static_cast<u32>(count));
            return after;
        }
        seen = found;
    }
}

void semaphores_moved(const mm::AddressSpace& space) {
    for (Queue& queue : queues->all) {
        const sync::IrqSaveGuard guard(queue.lock);
        for (auto i = queue.waiters.begin(); i != queue.waiters.end();) {
            Waiter& waiter = *i;
            ++i;
            if (waiter.space != &space) continue;
            queue.waiters.remove(waiter);
            waiter.woken = true;
            sched::wakeup(waiter.rendez);
        }
    }
}

void reset_semaphores() { queues.make(); }

}  // namespace kernel::proc
