// The stacks of the idle tasks.
#include "init/idle_stack.h"

#include "base/assert.h"
#include "base/late.h"
#include "machine/hart.h"
#include "mm/kernel_stack.h"

namespace kernel::init {
namespace {

constinit machine::PerHart<Late<mm::KernelStack>> stacks;  // hart-local

}  // namespace

Bytes make_idle_stack() {
    Result<mm::KernelStack> stack = mm::KernelStack::create();
    if (!stack.ok()) PANIC("no memory for the idle task of hart {}", machine::hart_index());
    return stacks.mine().make(std::move(stack).value()).bytes();
}

}  // namespace kernel::init
