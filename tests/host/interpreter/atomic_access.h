// The instructions of A: load-reserved, store-conditional, and read-modify-write, as atomic
// operations of the host.
#pragma once

#include "tests/host/interpreter/user_access.h"

namespace host::interpreter {

/// What a hart's last load-reserved saw. A store-conditional succeeds if it names the same word
/// and the word still has that value: a compare-and-swap, which a store that puts the value back
/// does not disturb. Programs may only rely on the stronger rule, and compilers' own
/// compare-and-swap and add loops compute the same under both.
class Reservation {
public:
    void hold(u64 at, unsigned size, u64 value) { *this = {at, size, value}; }
    /// From here on no store-conditional succeeds.
    void yield() { *this = {}; }

    bool covers(u64 at, unsigned size) const { return size_ == size && address_ == at; }
    u64 value() const { return value_; }

    constexpr Reservation() = default;

private:
    constexpr Reservation(u64 at, unsigned size, u64 value)
        : address_(at), size_(size), value_(value) {}

    u64 address_ = 0;
    unsigned size_ = 0;  // 0: nothing is reserved
    u64 value_ = 0;
};

/// What an atomic instruction did.
struct AtomicOutcome {
    enum class End : kernel::u8 { kDone, kFault, kIllegal };

    End end = End::kDone;
    u64 result = 0;  // what rd gets
};

/// Executes an instruction of AMO on the word at `at`, with `operand` from rs2.
/// A store-conditional without a reservation fails before it looks at its address, as in QEMU.
/// Errors: kFault, and access.trap() says why; kIllegal if there is no such instruction.
AtomicOutcome execute_atomic(Instruction instruction, u64 at, u64 operand, UserAccess& access,
                             Reservation& reservation);

/// FENCE: what comes before it in program order is seen before what comes after, as the predecessor
/// and successor sets in `instruction` say.
void execute_fence(Instruction instruction);

}  // namespace host::interpreter
