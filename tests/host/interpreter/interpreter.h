// Interpreter: user mode of a hart, instruction by instruction: rv64imac with the counters of Zicsr
// and fence.i.
#pragma once

#include "tests/host/interpreter/atomic_access.h"
#include "tests/host/interpreter/translation_cache.h"
#include "tests/host/interpreter/trap.h"
#include "tests/host/interpreter/user_environment.h"

namespace host::interpreter {

/// What a user program has in registers. x[0] reads as 0, whatever it was set to.
struct UserRegisters {
    std::array<u64, 32> x{};
    u64 pc = 0;

    bool operator==(const UserRegisters&) const = default;
};

/// Why run() came back.
struct Stop {
    Cause cause = Cause::kSteps;
    /// What stval says: the address that faulted, the bits of an illegal instruction (16 of a short
    /// one), else 0.
    u64 value = 0;
    /// Instructions that were completed; one that traps is not among them.
    u64 retired = 0;

    bool operator==(const Stop&) const = default;
};

/// One per hart; used by one host thread at a time. It has no registers, no memory and no clock:
/// only what a hart remembers beside these, its reservation and its last translations.
class Interpreter : kernel::Pinned {
public:
    explicit Interpreter(UserEnvironment& environment) : environment_(environment) {}

    /// Executes from `registers.pc` until an instruction traps or `steps` are completed. An
    /// instruction that traps has changed no register and no memory, and pc stays at it.
    /// Cost: about ten nanoseconds an instruction; `tests/bench/interpreter` measures it.
    Stop run(UserRegisters& registers, u64 steps);

    /// Forgets all translations: what sfence.vma does. Due where the tables changed or were
    /// exchanged, except where a page came to be that was not there.
    void forget() { cache_.forget(); }

    /// Lets the next store-conditional fail. Due where another program goes on on this hart.
    void yield_reservation() { reservation_.yield(); }

private:
    UserEnvironment& environment_;
    TranslationCache cache_{};
    Reservation reservation_{};
};

}  // namespace host::interpreter
