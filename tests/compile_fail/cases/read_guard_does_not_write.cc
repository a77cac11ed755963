// Who holds an RWLock for reading does not write what it guards.
// compiler: clang
// fails: writing variable 'value_' requires holding rwlock 'lock_' exclusively
#include "sched/qlock.h"

using namespace kernel;

class Setting {
public:
    void set(u32 value) {
        const sched::WriteGuard guard(lock_);  // RIGHT
        value_ = value;  // RIGHT
        const sched::ReadGuard guard(lock_); value_ = value;  // WRONG
    }
    u32 get() {
        const sched::ReadGuard guard(lock_);
        return value_;
    }

private:
    sched::RWLock lock_{sync::LockRank::kNamespace};
    u32 value_ GUARDED_BY(lock_) = 0;
};

u32 use(Setting& setting) {
    setting.set(1);
    return setting.get();
}
