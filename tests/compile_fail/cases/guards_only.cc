// A spin lock is taken by guards only, which name what becomes of interrupts.
// fails: acquire.* is (a protected member|a private member|private|protected)
// fails: (deduction|no viable constructor)
#include "sync/spin_lock.h"

using namespace kernel;

void take(sync::SpinLock<sync::LockRank::kDeviceSpin>& lock) {
    const sync::IrqSaveGuard guard(lock);  // RIGHT
    lock.acquire();  // WRONG
}
void policy(sync::SpinLock<sync::LockRank::kDeviceSpin>& lock) {
    const sync::SpinGuard<sync::IrqSave> guard(lock);  // RIGHT
    const sync::SpinGuard guard(lock);  // WRONG
}
