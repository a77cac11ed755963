// Execution: one run of the interpreter: fetching, control flow, and who executes what.
#pragma once

#include "tests/host/interpreter/interpreter.h"
#include "tests/host/interpreter/user_access.h"

namespace host::interpreter {

/// The steps of a hart from where it enters user mode to where it leaves it.
class Execution {
public:
    Execution(UserRegisters& registers, UserEnvironment& environment, TranslationCache& cache,
              Reservation& reservation)
        : registers_(registers),
          environment_(environment),
          access_(environment, cache),
          reservation_(reservation) {}

    /// Executes one instruction, before which `retired` were completed; false if it trapped, and
    /// then nothing has changed but trap().
    bool step(u64 retired);
    const Trap& trap() const { return trap_; }

private:
    bool fetch();
    bool execute(u64 retired);

    bool load();
    bool store();
    template <class T>
    bool load_as();
    bool atomic();
    bool branch();
    bool jump(u64 target);
    bool misc_mem();
    bool system(u64 retired);
    bool read_counter(u64 retired);

    /// Completes with `value` in rd.
    bool complete(u64 value);
    bool complete(const std::optional<u64>& value);
    bool raise(const Trap& trap);
    bool raise_illegal() { return raise({Cause::kIllegalInstruction, encoding_}); }

    u64 rs1() const { return registers_.x[instruction_.rs1()]; }
    u64 rs2() const { return registers_.x[instruction_.rs2()]; }

    UserRegisters& registers_;
    UserEnvironment& environment_;
    UserAccess access_;
    Reservation& reservation_;

    // The instruction at hand.
    Instruction instruction_{};  // expanded if it was compressed
    u32 encoding_ = 0;           // as it stands in memory
    u64 next_ = 0;               // where execution goes on
    Trap trap_{};
};

}  // namespace host::interpreter
