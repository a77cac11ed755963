// Cause and Trap: why user mode was left.
#pragma once

#include "base/std.h"

namespace host::interpreter {

/// The exceptions user mode can raise, by their numbers in scause (Privileged Architecture 1.12,
/// table "Supervisor cause register values"), and the end of the steps that were asked for. With C
/// an instruction is never misaligned.
enum class Cause : kernel::u64 {
    kInstructionAccessFault = 1,
    kIllegalInstruction = 2,
    kBreakpoint = 3,
    kLoadMisaligned = 4,
    kLoadAccessFault = 5,
    kStoreMisaligned = 6,
    kStoreAccessFault = 7,
    kUserCall = 8,
    kInstructionPageFault = 12,
    kLoadPageFault = 13,
    kStorePageFault = 15,
    kSteps = ~kernel::u64{0},
};

/// An exception and what stval says of it.
struct Trap {
    Cause cause = Cause::kSteps;
    kernel::u64 value = 0;

    constexpr bool operator==(const Trap&) const = default;
};

}  // namespace host::interpreter
