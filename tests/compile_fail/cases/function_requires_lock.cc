// A function that requires a lock is called with it.
// compiler: clang
// fails: calling function 'change_locked' requires holding spin lock 'lock_'
#include "sync/spin_lock.h"

using namespace kernel;

class Thing {
public:
    void change() {
        const sync::IrqSaveGuard guard(lock_);  // RIGHT
        change_locked();  // RIGHT
        change_locked();  // WRONG
    }

private:
    void change_locked() REQUIRES(lock_) { ++changes_; }

    sync::SpinLock<sync::LockRank::kDeviceSpin> lock_;
    u32 changes_ GUARDED_BY(lock_) = 0;
};

void use(Thing& thing) { thing.change(); }
