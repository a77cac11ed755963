// Starting harts, or leaving them.
#include "arch/riscv64/platform/other_harts.h"

#include "arch/riscv64/platform/sbi.h"
#include "base/log.h"

namespace arch::riscv64 {

bool firmware_reaches_other_harts() {
    if (sbi::has(sbi::Extension::kIpi) && sbi::has(sbi::Extension::kFence)) return true;
    kernel::klog(
        "harts: firmware cannot interrupt and fence them (no IPI, no RFENCE): one goes on");
    return false;
}

u32 start_harts(std::span<const u64> hardware_ids, PhysAddr entry) {
    if (!sbi::has(sbi::Extension::kHart)) {
        kernel::klog("harts: firmware cannot start harts (no HSM): only those it let in go on");
        return static_cast<u32>(hardware_ids.size());
    }
    u32 asked = 0;
    for (u64 id : hardware_ids) {
        const sbi::Reply reply = sbi::start_hart(id, entry, 0);
        if (reply.ok()) {
            ++asked;
        } else {
            kernel::klog("harts: {} does not start: firmware says {}", id, reply.status);
        }
    }
    return asked;
}

}  // namespace arch::riscv64
