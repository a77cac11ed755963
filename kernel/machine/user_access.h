// Performing a load, store or atomic operation in a program's stead.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/user.h"
#include "machine/user_space.h"

namespace kernel::machine {

/// What an instruction did with memory.
struct MemoryAccess {
    VirtAddr at{};
    usize size = 0;  // bytes
    bool loads = false;
    bool stores = false;
};

/// What was performed: one access, or a load-reserved and its store-conditional. One that failed
/// did nothing, and is not among them.
struct PerformedAccesses {
    std::array<MemoryAccess, 2> all{};
    usize count = 0;

    void add(const MemoryAccess& access) { all[count++] = access; }
};

/// A program's memory, as the instruction reaches it. Words are aligned; their sizes are 1, 2, 4
/// and 8 bytes.
class AccessedMemory {
public:
    /// The instruction at `pc`; of a compressed one the upper half does not count.
    virtual Result<u32> fetch(VirtAddr pc) = 0;
    /// Whether the program may do it with all of [at, at + size).
    virtual bool allows(VirtAddr at, usize size, UserAttempt attempt) = 0;
    virtual Result<u64> load(VirtAddr at, usize size) = 0;
    virtual Result<void> store(VirtAddr at, usize size, u64 value) = 0;
    /// Replaces a word of 4 or 8 bytes by `desired` if it is `expected`; returns what was there.
    /// Both are cut to the word. Loads and exchanges are seq_cst.
    virtual Result<u64> exchange(VirtAddr at, usize size, u64 expected, u64 desired) = 0;

protected:
    ~AccessedMemory() = default;
};

/// Performs the instruction that `registers.pc` stands at, and steps over it. Whole words are
/// accessed as such, others byte by byte. No hart would have the reservation of a load-reserved, so
/// what follows it is executed too, as far as it is arithmetic and goes forward, for some
/// instructions up to its store-conditional, which succeeds if the word is what was loaded.
/// After an error of the first instruction nothing has happened but, where there is no memory, a
/// part of a store that was not whole. Errors: kBadArg if it is no access to memory, or one that
/// the program may not make; those of `memory`. Context: as those.
Result<PerformedAccesses> perform_access(UserRegisters& registers, FloatRegisters& floats,
                                         AccessedMemory& memory);

}  // namespace kernel::machine
