// Contexts on riscv64: how they begin, and the switch with its one check.
#include "machine/context.h"

#include "arch/riscv64/hart.h"
#include "arch/riscv64/kernel_map.h"
#include "arch/riscv64/sv39/vocabulary.h"
#include "base/assert.h"
#include "machine/backtrace.h"

extern "C" {
void riscv64_switch_context(kernel::machine::ContextStorage* from,
                            kernel::machine::ContextStorage* to);
void riscv64_context_start();
}

namespace kernel::machine {

void prepare_context(Context& context, Bytes stack, ContextEntry entry, void* argument) {
    const u64 top = VirtAddr::of(stack.data() + stack.size()).value;
    ASSERT(is_aligned(top, 16) && stack.size() >= kPageSize);
    ContextStorage& storage = context.storage();
    storage = {};
    storage.ra = reinterpret_cast<u64>(&riscv64_context_start);
    storage.sp = top;
    storage.s[1] = reinterpret_cast<u64>(entry);
    storage.s[2] = reinterpret_cast<u64>(argument);
}

void discard_context(Context& context) { context.storage() = {}; }

void switch_context(Context& from, Context& to) {
    // The other stack may have been mapped by another hart since this one last fenced; a trap could
    // not be taken on a stack that this hart does not see yet.
    arch::riscv64::catch_up_with_kernel_map(arch::riscv64::this_hart());
    riscv64_switch_context(&from.storage(), &to.storage());
}

SavedPlace saved_place(const Context& context) {
    return {.pc = {context.storage().ra}, .sp = {context.storage().sp}};
}

}  // namespace kernel::machine
