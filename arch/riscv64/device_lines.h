// The machine's interrupt lines: one PLIC, whose contexts the harts are.
#pragma once

#include "arch/riscv64/platform/plic.h"

namespace arch::riscv64 {

extern constinit Plic plic;

}  // namespace arch::riscv64
