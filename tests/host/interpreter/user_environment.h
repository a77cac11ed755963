// UserEnvironment: what user mode sees of the hart around it: memory through the hart's tables, and
// counters.
#pragma once

#include "arch/riscv64/sv39/pte.h"
#include "base/std.h"
#include "base/units.h"

namespace host::interpreter {

using arch::riscv64::sv39::Attempt;
using kernel::VirtAddr;

/// What the tables say of one address.
struct Translation {
    enum class Fault : kernel::u8 {
        kPage,    // the tables do not allow it
        kAccess,  // they do, but no memory is there
    };

    /// The byte in the host's memory, and behind it the rest of its page; null: `fault` says why.
    std::byte* host = nullptr;
    Fault fault = Fault::kPage;
};

/// The counters that user mode may read, by their CSR numbers.
enum class Counter : kernel::u32 { kCycle = 0xc00, kTime = 0xc01, kInstret = 0xc02 };

/// Implemented by who runs an Interpreter, for one hart.
class UserEnvironment {
public:
    /// Where the byte at `at` is, if user mode may make `attempt` on it. A page begins where the
    /// host's memory is as aligned as eight bytes want, and stays there until forget().
    virtual Translation translate(VirtAddr at, Attempt attempt) = 0;

    /// What `counter` shows to an instruction before which this run has retired `retired` others;
    /// nothing if user mode may not look, as scounteren says.
    virtual std::optional<kernel::u64> counter(Counter counter, kernel::u64 retired) = 0;

protected:
    ~UserEnvironment() = default;
};

}  // namespace host::interpreter
