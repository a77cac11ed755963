// model::Atomic<T>: an atomic whose operations the explorer interleaves; used as kernel::Atomic is.
#pragma once

#include <cstring>

#include "tests/model/execution.h"

namespace model {

/// The interface is that of kernel::Atomic: every call names its order. It remembers where it was
/// called from, for the trace. It may lie in raw memory and need not be destroyed; reading one that
/// nobody constructed, or whose construction is not ordered before, fails the execution.
template <class T>
    requires(sizeof(T) == 4 || sizeof(T) == 8)
class Atomic {
    using Where = std::source_location;
    using Kind = Operation::Kind;

public:
    Atomic() : Atomic(T{}) {}
    explicit Atomic(T value) { Execution::running().construct(state_, bits(value), sizeof(T)); }
    Atomic(const Atomic&) = delete;
    Atomic& operator=(const Atomic&) = delete;

    T load(std::memory_order order, Where where = Where::current()) const {
        return operate(Kind::kLoad, 0, order, where);
    }
    void store(T value, std::memory_order order, Where where = Where::current()) {
        operate(Kind::kStore, bits(value), order, where);
    }
    T exchange(T value, std::memory_order order, Where where = Where::current()) {
        return operate(Kind::kExchange, bits(value), order, where);
    }
    bool compare_exchange(T& expected, T desired, std::memory_order order,
                          Where where = Where::current()) {
        bool wrote = false;
        Operation operation{Kind::kCompareExchange, order, &state_, bits(desired), 0, where};
        operation.expected = bits(expected);
        const T read = value_of(Execution::running().operate(operation, wrote));
        if (!wrote) expected = read;
        return wrote;
    }
    T fetch_add(T amount, std::memory_order order, Where where = Where::current())
        requires std::integral<T>
    {
        return operate(Kind::kAdd, bits(amount), order, where);
    }
    T fetch_sub(T amount, std::memory_order order, Where where = Where::current())
        requires std::integral<T>
    {
        return operate(Kind::kSub, bits(amount), order, where);
    }
    T fetch_or(T mask, std::memory_order order, Where where = Where::current())
        requires std::integral<T>
    {
        return operate(Kind::kOr, bits(mask), order, where);
    }
    T fetch_and(T mask, std::memory_order order, Where where = Where::current())
        requires std::integral<T>
    {
        return operate(Kind::kAnd, bits(mask), order, where);
    }

private:
    static u64 bits(T value) {
        u64 bits = 0;
        std::memcpy(&bits, &value, sizeof(T));
        return bits;
    }
    static T value_of(u64 bits) {
        T value;
        std::memcpy(&value, &bits, sizeof(T));
        return value;
    }
    T operate(Kind kind, u64 operand, std::memory_order order, Where where) const {
        bool wrote = false;
        return value_of(
            Execution::running().operate({kind, order, &state_, operand, 0, where}, wrote));
    }

    mutable AtomicState state_;
};

}  // namespace model
