// MakerWait: a maker waiting for its child to execute a program or end.
#pragma once

#include "base/annotations.h"
#include "base/ref.h"
#include "base/result.h"
#include "sched/rendez.h"
#include "sync/spin_lock.h"

namespace kernel::proc {

class Proc;

/// Of both: whoever goes first leaves it to the other.
class MakerWait : public RefCounted<MakerWait> {
public:
    /// Errors: kNoMemory.
    static Result<Ref<MakerWait>> create();
    static void destroy(MakerWait& wait);

    /// Waits as the current process `maker`. Only its own end cuts the wait short, be it by a note:
    /// notes that it handles are met afterwards.
    void wait_as(Proc& maker);
    /// The child has executed a program or ended. Context: its task.
    void release();

private:
    sync::SpinLock<sync::LockRank::kRendezGroup> lock_;
    bool released_ GUARDED_BY(lock_) = false;
    sched::Rendez rendez_;
};

}  // namespace kernel::proc
