// Remote fences that must not fail.
#include "arch/riscv64/platform/remote_fence.h"

#include "arch/riscv64/platform/sbi.h"
#include "base/assert.h"
#include "base/lowest_bit.h"
#include "machine/hart.h"

namespace arch::riscv64 {

void fence_translations_on(kernel::u64 harts) {
    while (harts != 0) {
        // One call reaches 64 ids from some id on; ids of one machine are rarely further apart.
        const u64 base = kernel::machine::hardware_hart_id(kernel::lowest_bit(harts));
        u64 mask = 0;
        for (u64 rest = harts; rest != 0; rest &= rest - 1) {
            const u32 hart = kernel::lowest_bit(rest);
            const u64 distance = kernel::machine::hardware_hart_id(hart) - base;
            if (distance >= 64) continue;
            mask |= u64{1} << distance;
            harts &= ~(u64{1} << hart);
        }
        const sbi::Reply reply = sbi::fence_translations(mask, base);
        if (!reply.ok()) PANIC("firmware refused a remote fence: {}", reply.status);
    }
}

void fence_translations_everywhere() {
    const sbi::Reply reply = sbi::fence_translations_everywhere();
    if (!reply.ok()) PANIC("firmware refused a remote fence: {}", reply.status);
}

void fence_instructions_everywhere() {
    const sbi::Reply reply = sbi::fence_instructions_everywhere();
    if (!reply.ok()) PANIC("firmware refused a remote fence.i: {}", reply.status);
}

}  // namespace arch::riscv64
