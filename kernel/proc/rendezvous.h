// RendezvousGroup: processes that meet two by two to exchange a value.
#pragma once

#include "base/annotations.h"
#include "base/list.h"
#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "sched/rendez.h"
#include "sync/spin_lock.h"

namespace kernel::proc {

/// Who waits in one group, by tag (Plan 9: Rgrp).
class RendezvousGroup : public RefCounted<RendezvousGroup> {
public:
    /// Errors: kNoMemory.
    static Result<Ref<RendezvousGroup>> create();
    static void destroy(RendezvousGroup& group);

    /// Waits for somebody else to come with the same `tag`; both return the other's value. Whoever
    /// came first meets whoever comes next. Context: task of a process, no lock held. Errors:
    /// kInterrupted, and then nobody has its value.
    Result<u64> meet(u64 tag, u64 value);

private:
    /// Lives on the waiter's stack. Whoever meets it takes it out of the list and wakes it, all
    /// under the lock, which the waiter takes before it leaves.
    struct Waiter {
        u64 tag = 0;
        u64 value = 0;  // its own, then the other's
        bool met = false;
        sched::Rendez rendez;
        ListHook<Waiter> hook;
    };
    static constexpr usize kLists = 16;

    List<Waiter, &Waiter::hook>& list_of(u64 tag) REQUIRES(lock_) {
        return lists_[(tag ^ tag >> 6 ^ tag >> 12) % kLists];
    }

    sync::SpinLock<sync::LockRank::kRendezGroup> lock_;
    std::array<List<Waiter, &Waiter::hook>, kLists> lists_ GUARDED_BY(lock_);
};

}  // namespace kernel::proc
