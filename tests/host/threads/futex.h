// Futexes: host threads that wait for a word to change.
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <optional>

#include "base/std.h"
#include "base/units.h"

namespace host {

/// Waits until somebody wakes `word`, at most `time`; not at all if the word is not `value`. May
/// return for no reason.
inline void futex_wait(std::atomic<kernel::u32>& word, kernel::u32 value,
                       std::optional<kernel::Nanos> time) {
    timespec limit{};
    if (time) {
        limit.tv_sec = static_cast<time_t>(time->value / 1'000'000'000);
        limit.tv_nsec = static_cast<long>(time->value % 1'000'000'000);
    }
    syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, value, time ? &limit : nullptr, nullptr, 0);
}

/// Wakes who waits for `word`.
inline void futex_wake(std::atomic<kernel::u32>& word) {
    syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

}  // namespace host
