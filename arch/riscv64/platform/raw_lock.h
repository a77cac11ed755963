// RawLock: mutual exclusion below kernel/sync, for a few instructions inside the machine code.
#pragma once

#include "arch/riscv64/sv39/vocabulary.h"
#include "base/annotations.h"
#include "machine/interrupts.h"

namespace arch::riscv64 {

/// A leaf lock without a rank: its holder calls nothing outside arch/riscv64.
class CAPABILITY("raw lock") RawLock : kernel::Pinned {
public:
    constexpr RawLock() = default;

private:
    friend class RawGuard;
    Atomic<u32> held_{0};  // atomic: [raw.lock]
};

/// Holds a RawLock, interrupts off.
class SCOPED_CAPABILITY RawGuard : kernel::Pinned {
public:
    explicit RawGuard(RawLock& lock) ACQUIRE(lock) : lock_(lock) {
        // [raw.lock] acquire: what the last holder did is seen; pairs with release below.
        while (lock_.held_.exchange(1, std::memory_order_acquire) != 0) kernel::machine::relax();
    }
    ~RawGuard() RELEASE() {
        // [raw.lock] release: pairs with acquire above.
        lock_.held_.store(0, std::memory_order_release);
    }

private:
    kernel::machine::InterruptsOff off_;
    RawLock& lock_;
};

}  // namespace arch::riscv64
