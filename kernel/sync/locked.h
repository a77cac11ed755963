// Locked<T, Rank>: a value that can only be reached while its own spin lock is held.
#pragma once

#include "base/std.h"
#include "sync/spin_lock.h"

namespace kernel::sync {

/// A T inside its lock. `with` runs a callable on the T under the lock; references to the T must
/// not leave the callable.
template <class T, LockRank Rank>
class Locked : Pinned {
public:
    template <class... Args>
    constexpr explicit Locked(Args&&... args) : value_(std::forward<Args>(args)...) {}

    /// Runs `use(value)` under the lock and returns what it returns. Context: any.
    template <class Policy = IrqSave, class Use>
    auto with(Use&& use) -> std::invoke_result_t<Use, T&> {
        static_assert(!std::is_reference_v<std::invoke_result_t<Use, T&>>,
                      "a reference would outlive the lock");
        SpinGuard<Policy> guard(lock_);
        return std::forward<Use>(use)(value_);
    }

private:
    SpinLock<Rank> lock_;
    T value_ GUARDED_BY(lock_);
};

}  // namespace kernel::sync
