// Contexts: what must be saved to stop running one kernel stack and go on with another.
#pragma once

#include "base/std.h"
#include "base/units.h"
#include "machine/context_storage.h"

namespace kernel::machine {

/// A suspended flow of control on a kernel stack. `ContextStorage` is the implementation's own type
/// (picked by the build). A Context that runs holds nothing meaningful. The caller protects it.
class Context : Pinned {
public:
    constexpr Context() = default;

    ContextStorage& storage() { return storage_; }
    const ContextStorage& storage() const { return storage_; }

private:
    ContextStorage storage_{};
};

/// What a kernel stack must have at least; a multiple of the page size. The implementation's
/// context_storage.h says how much its compilers and checkers need.
inline constexpr usize kKernelStackSize = ContextStorage::kStackSize;
static_assert(kKernelStackSize % kPageSize == 0);

/// Where a new context begins. Must not return.
using ContextEntry = void (*)(void* argument);

/// Makes `context` start at entry(argument) on `stack` (16-byte aligned, kKernelStackSize or more)
/// when it is first switched to. Any context.
void prepare_context(Context& context, Bytes stack, ContextEntry entry, void* argument);

/// Releases what prepare_context took from the host (nothing on hardware). `context` is not
/// running.
void discard_context(Context& context);

/// Saves the running flow in `from` and goes on with `to`. Returns when somebody switches back to
/// `from`, perhaps on another hart. Interrupts are off at the call and at the return.
void switch_context(Context& from, Context& to);

}  // namespace kernel::machine
