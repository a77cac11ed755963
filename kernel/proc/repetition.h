// Repetition: a blocking call that a stop ended is made again when its process goes on.
#pragma once

#include "base/error.h"
#include "base/result.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/user.h"

namespace kernel::proc {

/// Whoever stops a program that waits in a call, looks at it and lets it go on is not seen by it: the call ends, with nothing done,
/// the process stops in front of the instruction that made it, and makes it again. A note that it meets before that ends the call
/// as if it had waited all the time. Belongs to its process.
class Repetition {
public:
    /// The call that ends now was ended because its process is to stop. Does nothing behind forbid().
    void allow() {
        if (state_ == State::kNone) state_ = State::kAllowed;
    }
    /// The call waits for what it has already done; it must not be done twice.
    void forbid() { state_ = State::kForbidden; }
    /// The call that ends now was ended by more, or did more.
    void clear() { state_ = State::kNone; }

    /// Whether there is nothing to be told of.
    bool is_idle() const { return state_ == State::kNone; }
    /// A call that may be repeated begins. Returns until when it waits if it is repeated, and `deadline` if not.
    Nanos begin(const machine::UserRegisters& registers, Nanos deadline) {
        const bool repeats = std::exchange(state_, State::kNone) == State::kDue && registers.pc == pc_ + machine::kCallBytes;
        return repeats ? deadline_ : deadline;
    }

    /// Whether a call that ended so is made again; then `registers` are those before it, but for a0, which is what its row returns.
    bool rewinds(Error error, machine::UserRegisters& registers, Nanos deadline) {
        const bool allowed = std::exchange(state_, State::kNone) == State::kAllowed;
        if (!allowed || error != Error::kInterrupted) return false;
        state_ = State::kDue;
        registers.pc -= machine::kCallBytes;
        pc_ = registers.pc;
        deadline_ = deadline;
        return true;
    }

    /// A note is met. Returns whether it ends a call that was due, which then has failed with kInterrupted.
    bool ends_by_note(machine::UserRegisters& registers) {
        if (std::exchange(state_, State::kNone) != State::kDue || registers.pc != pc_) return false;
        registers.pc += machine::kCallBytes;
        registers.a(0) = ~u64{0};
        return true;
    }

private:
    enum class State : u8 { kNone, kForbidden, kAllowed, kDue };

    State state_ = State::kNone;
    u64 pc_ = 0;        // kDue: of the call
    Nanos deadline_{};  // kDue: until when it waits
};

}  // namespace kernel::proc
