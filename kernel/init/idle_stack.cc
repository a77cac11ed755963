// The stacks of the idle tasks.
#include "init/idle_stack.h"

#include "base/assert.h"
#include "machine/hart.h"
#include "mm/kernel_stack.h"

namespace kernel::init {
namespace {

constinit machine::PerHart<mm::KernelStack> stacks;  // hart-local

}  // namespace

Bytes make_idle_stack() {
    Result<mm::KernelStack> stack = mm::KernelStack::create();
    if (!stack.ok()) PANIC("no memory for the idle task of hart {}", machine::hart_index());
    stacks.mine() = std::move(stack).value();
    return stacks.mine().bytes();
}

}  // namespace kernel::init
