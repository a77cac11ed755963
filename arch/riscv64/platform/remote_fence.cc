// Remote fences that must not fail.
#include "arch/riscv64/platform/remote_fence.h"

#include "arch/riscv64/platform/sbi.h"
#include "base/assert.h"

namespace arch::riscv64 {

void fence_translations_everywhere() {
    const sbi::Reply reply = sbi::fence_translations_everywhere();
    if (!reply.ok()) PANIC("firmware refused a remote fence: {}", reply.status);
}

void fence_instructions_everywhere() {
    const sbi::Reply reply = sbi::fence_instructions_everywhere();
    if (!reply.ok()) PANIC("firmware refused a remote fence.i: {}", reply.status);
}

}  // namespace arch::riscv64
