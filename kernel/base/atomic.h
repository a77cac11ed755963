// Atomic<T>: the only atomic of the kernel; every operation names its order and is a point where a
// simulator may switch.
#pragma once

#include "base/atomic_store.h"
#include "base/compare_and_swap.h"
#include "base/schedule_point.h"
#include "base/std.h"

namespace kernel {

/// A lock-free atomic of 4 or 8 bytes. As std::atomic, but no order is implied: each call says it,
/// and the line above says why (see "Atomics" in docs/architecture.md). The simulator build of
/// schedule_point() may run another hart before each operation; elsewhere it is nothing.
template <class T>
    requires(sizeof(T) == 4 || sizeof(T) == 8)
class Atomic {
    static_assert(std::is_trivially_copyable_v<T>);
    static_assert(std::atomic<T>::is_always_lock_free);

public:
    constexpr Atomic() = default;
    constexpr explicit Atomic(T value) : value_(value) {}
    Atomic(const Atomic&) = delete;
    Atomic& operator=(const Atomic&) = delete;

    T load(std::memory_order order) const {
        schedule_point();
        return value_.load(order);
    }
    void store(T value, std::memory_order order) {
        schedule_point();
        detail::atomic_store(value_, value, order);
    }
    T exchange(T value, std::memory_order order) {
        schedule_point();
        return value_.exchange(value, order);
    }
    /// Stores `desired` if the value is `expected`; else `expected` becomes the value seen. `order`
    /// is for success; a failure is as strong a load as the order allows.
    bool compare_exchange(T& expected, T desired, std::memory_order order) {
        schedule_point();
        return detail::compare_and_swap(value_, expected, desired, order);
    }
    T fetch_add(T amount, std::memory_order order)
        requires std::integral<T>
    {
        schedule_point();
        return value_.fetch_add(amount, order);
    }
    T fetch_sub(T amount, std::memory_order order)
        requires std::integral<T>
    {
        schedule_point();
        return value_.fetch_sub(amount, order);
    }
    T fetch_or(T bits, std::memory_order order)
        requires std::integral<T>
    {
        schedule_point();
        return value_.fetch_or(bits, order);
    }
    T fetch_and(T bits, std::memory_order order)
        requires std::integral<T>
    {
        schedule_point();
        return value_.fetch_and(bits, order);
    }

private:
    std::atomic<T> value_{};
};

// What a reader needs who uses the value it loads only as an address, or part of one. RISC-V keeps
// such accesses behind the load without a fence (Unprivileged ISA, appendix A, rule 9: syntactic
// address dependency), which C++ cannot say; elsewhere, and where a checker watches, it is acquire.
#if defined(__riscv)
inline constexpr std::memory_order kOrderByAddress = std::memory_order_relaxed;
/// Zero, computed from `value`: an address that it is added to depends on the load of `value`.
inline u64 zero_from(u64 value) {
    u64 zero;
    asm("and %0, %1, zero" : "=r"(zero) : "r"(value));
    return zero;
}
#else
inline constexpr std::memory_order kOrderByAddress = std::memory_order_acquire;
constexpr u64 zero_from(u64) { return 0; }
#endif

/// A counter that only statistics read: relaxed everywhere, because nothing is ordered by it.
class StatCounter {
public:
    constexpr StatCounter() = default;
    // relaxed (all): statistics only; no reader orders on it.
    void add(u64 amount = 1) { value_.fetch_add(amount, std::memory_order_relaxed); }
    void sub(u64 amount = 1) { value_.fetch_sub(amount, std::memory_order_relaxed); }
    u64 read() const { return value_.load(std::memory_order_relaxed); }

private:
    Atomic<u64> value_{0};
};

}  // namespace kernel
