// Completing and waiting for it.
#include "sched/completion.h"

namespace kernel::sched {

void Completion::complete() {
    // The waiter takes the lock before it goes on, so nothing of this object is touched after.
    sync::IrqSaveGuard guard(lock_);
    completed_ = true;
    wakeup(rendez_);
}

bool Completion::completed() const {
    sync::IrqSaveGuard guard(lock_);
    return completed_;
}

// completed() takes the lock of complete(), so once it has said true the completer is done.

Result<void> Completion::wait() {
    return sleep(rendez_, [this] { return completed(); });
}

void Completion::wait_uninterruptible() {
    sleep_uninterruptible(rendez_, [this] { return completed(); });
}

}  // namespace kernel::sched
