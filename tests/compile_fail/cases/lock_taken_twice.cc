// A spin lock is not taken by who holds it.
// compiler: clang
// fails: acquiring spin lock 'lock' that is already held
#include "sync/spin_lock.h"

using namespace kernel;

using DeviceLock = sync::SpinLock<sync::LockRank::kDeviceSpin>;
using PidLock = sync::SpinLock<sync::LockRank::kPid>;

void nest(DeviceLock& lock, PidLock& other) {
    const sync::IrqSaveGuard outer(lock);
    const sync::IrqsOffGuard inner(other);  // RIGHT
    const sync::IrqsOffGuard inner(lock);  // WRONG
    (void)other;
}
