// Repetition: a blocking call that a stop ended is made again when its process goes on.
#pragma once

#include "base/error.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/user.h"

namespace kernel::proc {

/// Whoever stops a program that waits in a call, looks at it and lets it go on is not seen by it: the call ends, with nothing done,
/// the process stops in front of the instruction that made it, and makes it again. A note that it meets before that ends the call
/// as if it had waited all the time. A debugger may have it make other calls deeper in its stack first, and then put its registers
/// back; what it changes in them makes another call of it. Belongs to its process.
class Repetition {
public:
    /// Whether there is nothing to be told of.
    bool is_idle() const { return state_ == State::kNone; }
    /// Whether a call is to be made again.
    bool is_due() const { return state_ == State::kDue; }

    /// The call that ends now was ended because its process is to stop. Does nothing behind forbid().
    void allow() {
        if (state_ != State::kForbidden) state_ = State::kAllowed;
    }
    /// The call waits for what it has already done, or its place is not known; it is not made again. Until clear() or its end.
    void forbid() { state_ = State::kForbidden; }
    /// The call that ends now was ended by more, or none is to be made again.
    void clear() { state_ = State::kNone; }

    /// A call that may be repeated begins. Returns until when it waits if it is repeated, and `deadline` if not.
    Nanos begin(const machine::UserRegisters& registers, Nanos deadline) {
        if (state_ == State::kForbidden) return deadline;
        return takes(registers, registers.pc - machine::kCallBytes) ? deadline_ : deadline;
    }

    /// Whether a call that ended so is made again; then `registers` are those before it, but for a0, which is what its row returns.
    bool rewinds(Error error, machine::UserRegisters& registers, Nanos deadline) {
        const State before = state_;
        if (before != State::kDue) state_ = State::kNone;
        if (before != State::kAllowed || error != Error::kInterrupted) return false;
        state_ = State::kDue;
        registers.pc -= machine::kCallBytes;
        place_ = Place(registers, registers.pc);
        deadline_ = deadline;
        return true;
    }

    /// A note is met. Returns whether it ends a call that was due, which then has failed with kInterrupted.
    bool ends_by_note(machine::UserRegisters& registers) {
        if (is_idle() || !takes(registers, registers.pc)) return false;
        registers.pc += machine::kCallBytes;
        registers.a(0) = ~u64{0};
        return true;
    }

private:
    enum class State : u8 { kNone, kForbidden, kAllowed, kDue };

    /// Where a program makes which call.
    struct Place {
        Place() = default;
        Place(const machine::UserRegisters& registers, u64 of_call)
            : pc(of_call), sp(registers.x(2)), number(registers.a(7)) {
            for (usize i = 0; i < arguments.size(); ++i) arguments[i] = registers.a(i);
        }
        bool operator==(const Place&) const = default;

        u64 pc = 0;
        u64 sp = 0;
        u64 number = 0;
        std::array<u64, 6> arguments{};
    };

    /// Whether the call that is due is that at `pc`. Whoever is not deeper in the stack has forgotten it in any case.
    bool takes(const machine::UserRegisters& registers, u64 pc) {
        if (std::exchange(state_, State::kNone) != State::kDue) return false;
        const Place here(registers, pc);
        if (here == place_) return true;
        if (here.sp < place_.sp) state_ = State::kDue;
        return false;
    }

    State state_ = State::kNone;
    Place place_;       // kDue: of the call
    Nanos deadline_{};  // kDue: until when it waits
};

}  // namespace kernel::proc
