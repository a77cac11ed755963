// What firmware does for harts other than the one it booted.
#pragma once

#include "arch/riscv64/sv39/vocabulary.h"

namespace arch::riscv64 {

/// Whether firmware can interrupt other harts (IPI) and make them fence (RFENCE). The kernel must
/// not let them run where it cannot; the log says so. Context: boot.
bool firmware_reaches_other_harts();

/// Asks firmware (HSM) to start the stopped harts with these hardware ids at physical address
/// `entry`. Returns how many will come: one that is refused is said on the log and left; without
/// HSM none can be asked, and all may come that firmware let in by itself. Context: boot.
u32 start_harts(std::span<const u64> hardware_ids, PhysAddr entry);

}  // namespace arch::riscv64
