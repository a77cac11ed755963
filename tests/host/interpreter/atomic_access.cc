// Atomic instructions and fences in terms of the host's: orders as in the Unprivileged ISA,
// appendix A, "Code Porting and Mapping Guidelines", read from right to left.
#include "tests/host/interpreter/atomic_access.h"

// ThreadSanitizer does not know fences. It misses nothing by that: what user programs share is
// accessed atomically, so it has no reports to make of it.
#if defined(__SANITIZE_THREAD__) && defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wtsan"
#endif

namespace host::interpreter {

namespace {

constexpr unsigned kLoadReserved = 0b00010;
constexpr unsigned kStoreConditional = 0b00011;

std::memory_order order_of(bool acquire, bool release) {
    if (acquire) return release ? std::memory_order_seq_cst : std::memory_order_acquire;
    return release ? std::memory_order_release : std::memory_order_relaxed;
}

/// What stays in memory after a read-modify-write; nothing if there is none of that number.
template <class T>
std::optional<T> combine(unsigned funct5, T old, T operand) {
    using Signed = std::make_signed_t<T>;
    const bool is_less = static_cast<Signed>(old) < static_cast<Signed>(operand);
    switch (funct5) {
        case 0b00001:  // amoswap
            return operand;
        case 0b00000:  // amoadd
            return old + operand;
        case 0b00100:  // amoxor
            return old ^ operand;
        case 0b01100:  // amoand
            return old & operand;
        case 0b01000:  // amoor
            return old | operand;
        case 0b10000:  // amomin
            return is_less ? old : operand;
        case 0b10100:  // amomax
            return is_less ? operand : old;
        case 0b11000:  // amominu
            return std::min(old, operand);
        case 0b11100:  // amomaxu
            return std::max(old, operand);
        default:
            return std::nullopt;
    }
}

/// One atomic instruction on words of type T.
template <class T>
class Atomically {
public:
    Atomically(Instruction instruction, u64 at, UserAccess& access, Reservation& reservation)
        : at_(at),
          funct5_(instruction.field(31, 27)),
          acquire_(instruction.field(26, 26) != 0),
          release_(instruction.field(25, 25) != 0),
          access_(access),
          reservation_(reservation) {}

    AtomicOutcome load_reserved() {
        T* const word = access_.locate_atomic<T>(at_, Attempt::kLoad);
        if (word == nullptr) return {AtomicOutcome::End::kFault};
        // A load cannot release: .rl makes it as strong as .aqrl, which is strong enough.
        const T seen = std::atomic_ref<T>(*word).load(order_of(acquire_ || release_, release_));
        reservation_.hold(at_, sizeof(T), seen);
        return done(seen);
    }

    AtomicOutcome store_conditional(T value) {
        if (!reservation_.covers(at_, sizeof(T))) {
            reservation_.yield();
            return failed();
        }
        T* const word = access_.locate_atomic<T>(at_, Attempt::kStore);
        if (word == nullptr) return {AtomicOutcome::End::kFault};
        T expected = static_cast<T>(reservation_.value());
        reservation_.yield();
        const bool stored = std::atomic_ref<T>(*word).compare_exchange_strong(
            expected, value, order_of(acquire_, release_));
        return stored ? AtomicOutcome{} : failed();
    }

    AtomicOutcome read_modify_write(T operand) {
        if (!combine<T>(funct5_, 0, operand)) return {AtomicOutcome::End::kIllegal};
        T* const word = access_.locate_atomic<T>(at_, Attempt::kStore);
        if (word == nullptr) return {AtomicOutcome::End::kFault};
        const std::atomic_ref<T> shared(*word);
        // relaxed: only a guess; the compare-and-swap has the order, and says if the guess was off.
        T old = shared.load(std::memory_order_relaxed);
        while (!shared.compare_exchange_weak(old, *combine(funct5_, old, operand),
                                             order_of(acquire_, release_))) {
        }
        return done(old);
    }

private:
    static AtomicOutcome done(T seen) {
        return {AtomicOutcome::End::kDone, sign_extended(seen, 8 * sizeof(T))};
    }
    static AtomicOutcome failed() { return {AtomicOutcome::End::kDone, 1}; }

    const u64 at_;
    const unsigned funct5_;
    const bool acquire_;
    const bool release_;
    UserAccess& access_;
    Reservation& reservation_;
};

template <class T>
AtomicOutcome execute(Instruction instruction, u64 at, u64 operand, UserAccess& access,
                      Reservation& reservation) {
    Atomically<T> atomically(instruction, at, access, reservation);
    switch (instruction.field(31, 27)) {
        case kLoadReserved:
            if (instruction.rs2() != 0) return {AtomicOutcome::End::kIllegal};
            return atomically.load_reserved();
        case kStoreConditional:
            return atomically.store_conditional(static_cast<T>(operand));
        default:
            return atomically.read_modify_write(static_cast<T>(operand));
    }
}

}  // namespace

AtomicOutcome execute_atomic(Instruction instruction, u64 at, u64 operand, UserAccess& access,
                             Reservation& reservation) {
    switch (instruction.funct3()) {
        case 0b010:
            return execute<u32>(instruction, at, operand, access, reservation);
        case 0b011:
            return execute<u64>(instruction, at, operand, access, reservation);
        default:
            return {AtomicOutcome::End::kIllegal};
    }
}

void execute_fence(Instruction instruction) {
    constexpr u32 kTotalStoreOrder = 0b1000;
    const bool earlier_stores = instruction.field(24, 24) != 0;
    const bool later_loads = instruction.field(21, 21) != 0;
    const bool except_store_load = instruction.field(31, 28) == kTotalStoreOrder;
    if (earlier_stores && later_loads && !except_store_load) {
        std::atomic_thread_fence(std::memory_order_seq_cst);  // orders: (rw, rw)
    } else {
        std::atomic_thread_fence(std::memory_order_acq_rel);  // orders: (r, rw), (rw, w)
    }
}

}  // namespace host::interpreter
