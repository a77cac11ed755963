// A sleeping lock that may not have been taken guards nothing until that was looked at.
// compiler: clang
// fails: writing variable 'value_' requires holding qlock 'lock_'
#include "base/result.h"
#include "sched/qlock.h"

using namespace kernel;

class Device {
public:
    Result<void> set(u32 value) {
        if (!lock_.lock_interruptible()) {
            value_ = 0;  // WRONG
            return Error::kInterrupted;
        }
        const sched::QLockGuard guard(lock_, sched::kAdoptLock);
        value_ = value;
        return {};
    }

private:
    sched::QLock lock_{sync::LockRank::kDevice};
    u32 value_ GUARDED_BY(lock_) = 0;
};

bool use(Device& device) { return device.set(1).ok(); }
