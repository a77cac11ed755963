// Backtraces: the return addresses on this and on stopped harts' stacks, and where contexts stand.
#pragma once

#include "base/fixed_string.h"
#include "base/format.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/context.h"
#include "machine/hart.h"

namespace kernel::machine {

/// A kernel address with the function that holds it, when the symbol table knows.
struct Symbol {
    static constexpr usize kNameMax = 84;

    FixedString<kNameMax> name;  // empty if unknown
    u64 offset = 0;
};
/// Looks `address` up in the symbol table linked into the image. Any context. Cost: O(functions).
Symbol find_symbol(VirtAddr address);

/// Fills `out` with the return addresses of the running flow, innermost first; returns how many.
/// Any context.
usize capture_backtrace(std::span<VirtAddr> out);

/// The same for a flow that is suspended in `context`; the caller keeps it suspended.
usize capture_backtrace(const Context& context, std::span<VirtAddr> out);
/// The same for one that may go on meanwhile: nothing but `stack`, which stays, is read, and if it
/// has gone on, what is found means nothing.
usize capture_backtrace(const Context& context, Bytes stack, std::span<VirtAddr> out);

/// Prints registers and symbolised call stack of this hart and of every hart that
/// stop_other_harts() stopped.
void print_all_harts(Sink& sink);

/// Where a suspended context will go on: its program counter and stack pointer (for `kregs`).
struct SavedPlace {
    VirtAddr pc;
    VirtAddr sp;
};
SavedPlace saved_place(const Context& context);

}  // namespace kernel::machine
