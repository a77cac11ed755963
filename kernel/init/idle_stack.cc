// The stacks of the idle tasks.
#include "init/idle_stack.h"

#include "base/assert.h"
#include "base/late.h"
#include "machine/hart.h"
#include "mm/kernel_stack.h"

namespace kernel::init {
namespace {

constinit machine::PerHart<Late<mm::KernelStack>> stacks;  // const once the other harts start

}  // namespace

void make_idle_stacks() {
    for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
        Result<mm::KernelStack> stack = mm::KernelStack::create();
        if (!stack.ok()) PANIC("no memory for the idle task of hart {}", hart);
        stacks.of(hart).make(std::move(stack).value());
    }
}

Bytes idle_stack() { return stacks.mine()->bytes(); }

}  // namespace kernel::init
