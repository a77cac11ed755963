// atomic_store(): a store that is a store.
#pragma once

#include "base/std.h"

namespace kernel::detail {

/// Stores `value` in `atomic`. g++ before 14 makes each atomic store an exchange on RISC-V, which
/// reads the cache line for nothing. As the mapping of the memory model has it, it is a plain store,
/// with a fence in front unless it is relaxed (RISC-V psABI, "Memory Ordering", table A.6; the loads
/// that g++ makes of seq_cst begin with the fence that this one needs behind it).
template <class T>
inline void atomic_store(std::atomic<T>& atomic, T value, std::memory_order order) {
#if defined(__riscv)
    using Word = std::conditional_t<sizeof(T) == 4, i32, i64>;
    static_assert(sizeof(atomic) == sizeof(Word) && std::has_unique_object_representations_v<T>);
    if (order != std::memory_order_relaxed) asm volatile("fence rw, w" ::: "memory");
    auto& word = reinterpret_cast<Word&>(atomic);
    if constexpr (sizeof(Word) == 4) {
        asm volatile("sw %z1, %0" : "=m"(word) : "rJ"(std::bit_cast<Word>(value)));
    } else {
        asm volatile("sd %z1, %0" : "=m"(word) : "rJ"(std::bit_cast<Word>(value)));
    }
#else
    atomic.store(value, order);
#endif
}

}  // namespace kernel::detail
