// compare_and_swap(): the one atomic operation that the compiler cannot be trusted with.
#pragma once

#include "base/std.h"

namespace kernel::detail {

/// What a compare-and-swap that fails may be: as strong a load as `order` allows.
constexpr std::memory_order failure_order(std::memory_order order) {
    if (order == std::memory_order_acq_rel) return std::memory_order_acquire;
    if (order == std::memory_order_release) return std::memory_order_relaxed;
    return order;
}

#if defined(__riscv)

/// The release half of a compare-and-swap is lost in g++ before 14: it looks at the order of
/// failure for the fence in front, and never writes .rl (GCC bug 100265). So those that release are
/// spelt out, as the mapping of the memory model has it (Unprivileged ISA, table "Mappings from
/// C/C++ primitives to RISC-V primitives"): lr.aq and sc.rl, without a fence.
template <class Word>
inline bool releasing_compare_and_swap(Word& word, Word& expected, Word desired, bool acquires) {
    static_assert(std::same_as<Word, i32> || std::same_as<Word, i64>);  // as lr leaves them
    Word seen;
    i32 failed;
#define PROCYON_SWAP(WIDTH, AQ)                                                  \
    asm volatile("0: lr." WIDTH AQ                                               \
                 " %[seen], %[word]\n"                                           \
                 "   bne %[seen], %[expected], 1f\n"                             \
                 "   sc." WIDTH                                                  \
                 ".rl %[failed], %[desired], %[word]\n"                          \
                 "   bnez %[failed], 0b\n"                                       \
                 "1:"                                                            \
                 : [seen] "=&r"(seen), [failed] "=&r"(failed), [word] "+A"(word) \
                 : [expected] "r"(expected), [desired] "r"(desired)              \
                 : "memory")
    if constexpr (sizeof(Word) == 4) {
        if (acquires) {
            PROCYON_SWAP("w", ".aq");
        } else {
            PROCYON_SWAP("w", "");
        }
    } else {
        if (acquires) {
            PROCYON_SWAP("d", ".aq");
        } else {
            PROCYON_SWAP("d", "");
        }
    }
#undef PROCYON_SWAP
    return seen == std::exchange(expected, seen);
}

#endif

/// Stores `desired` if `atomic` is `expected`; else `expected` becomes the value seen.
template <class T>
inline bool compare_and_swap(std::atomic<T>& atomic, T& expected, T desired,
                             std::memory_order order) {
#if defined(__riscv)
    if (order == std::memory_order_acq_rel || order == std::memory_order_release) {
        using Word = std::conditional_t<sizeof(T) == 4, i32, i64>;
        static_assert(sizeof(atomic) == sizeof(Word) &&
                      std::has_unique_object_representations_v<T>);
        Word seen = std::bit_cast<Word>(expected);
        const bool swapped = releasing_compare_and_swap(reinterpret_cast<Word&>(atomic), seen,
                                                        std::bit_cast<Word>(desired),
                                                        order == std::memory_order_acq_rel);
        expected = std::bit_cast<T>(seen);
        return swapped;
    }
#endif
    return atomic.compare_exchange_strong(expected, desired, order, failure_order(order));
}

}  // namespace kernel::detail
