// A field that a spin lock guards is touched with the lock held only.
// compiler: clang
// fails: reading variable 'count_' requires holding spin lock 'lock_'
// fails: writing variable 'count_' requires holding spin lock 'lock_'
#include "sync/spin_lock.h"

using namespace kernel;

class Counter {
public:
    u32 read() {
        const sync::IrqSaveGuard guard(lock_);  // RIGHT
        return count_;  // RIGHT
        return count_;  // WRONG
    }
    void bump() {
        sync::IrqSaveGuard guard(lock_);
        count_ += 1;
        guard.unlock();
        ++count_;  // WRONG
    }

private:
    sync::SpinLock<sync::LockRank::kDeviceSpin> lock_;
    u32 count_ GUARDED_BY(lock_) = 0;
};

u32 use(Counter& counter) {
    counter.bump();
    return counter.read();
}
