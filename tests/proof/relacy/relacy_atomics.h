// RelacyAtomics: the policy under which relacy runs the Pid hash: each atomic is one of relacy's.
#pragma once

#include <optional>

#include "base/std.h"
#include "pid/pid_cells.h"

// Last of all: relacy defines names of the standard library (memory_order_acquire, new, free) as
// macros. What stands above has been read by then, so the header under test is compiled as shipped:
// a template keeps the tokens it was defined with.
#include <relacy/relacy.hpp>

namespace pid_proof {

using namespace kernel;

/// What a planted bug does to orders; kNothing is the policy proper.
enum class Weaken : u8 { kNothing, kAcquire, kRelease };

template <Weaken kWeaken>
struct RelacyAtomics {
    /// The order of relacy for one of C++.
    static constexpr rl::memory_order order_of(std::memory_order order) {
        switch (order) {
            case std::memory_order::relaxed:
                return rl::mo_relaxed;
            case std::memory_order::consume:
            case std::memory_order::acquire:
                return kWeaken == Weaken::kAcquire ? rl::mo_relaxed : rl::mo_acquire;
            case std::memory_order::release:
                return kWeaken == Weaken::kRelease ? rl::mo_relaxed : rl::mo_release;
            case std::memory_order::acq_rel:
                if (kWeaken == Weaken::kAcquire) return rl::mo_release;
                return kWeaken == Weaken::kRelease ? rl::mo_acquire : rl::mo_acq_rel;
            case std::memory_order::seq_cst:
                return rl::mo_seq_cst;
        }
        return rl::mo_seq_cst;
    }

    template <class T>
    class Atomic {
    public:
        Atomic() : Atomic(T{}) {}
        explicit Atomic(T value) { value_.store(value, rl::mo_relaxed, $); }

        T load(std::memory_order order) const { return value_.load(order_of(order), $); }
        void store(T value, std::memory_order order) { value_.store(value, order_of(order), $); }
        T exchange(T value, std::memory_order order) {
            return value_.exchange(value, order_of(order), $);
        }
        bool compare_exchange(T& expected, T desired, std::memory_order order) {
            return value_.compare_exchange_strong(expected, desired, order_of(order), $);
        }
        T fetch_add(T amount, std::memory_order order) {
            return value_.fetch_add(amount, order_of(order), $);
        }
        T fetch_sub(T amount, std::memory_order order) {
            return value_.fetch_sub(amount, order_of(order), $);
        }
        T fetch_or(T bits, std::memory_order order) {
            return value_.fetch_or(bits, order_of(order), $);
        }
        T fetch_and(T bits, std::memory_order order) {
            return value_.fetch_and(bits, order_of(order), $);
        }

    private:
        rl::atomic<T> value_;
    };

    static constexpr std::memory_order kOrderByAddress = std::memory_order::acquire;
    static u64 zero_from(u64) { return 0; }
};

}  // namespace pid_proof
