// fault_address(): what stval says, as an address.
#pragma once

#include "arch/riscv64/sv39/pte.h"
#include "arch/riscv64/sv39/vocabulary.h"

namespace arch::riscv64 {

/// stval of a page fault as an address. Some U74 do not extend its sign from bit 38 on (erratum
/// CIP-453): an address of the upper half then looks like one that is not canonical.
constexpr VirtAddr fault_address(u64 value) {
    constexpr unsigned kSignBit = sv39::kAddressBits - 1;
    if (value >> (kSignBit + 1) == 0 && (value >> kSignBit & 1) != 0) {
        value |= ~u64{0} << kSignBit;
    }
    return {value};
}

}  // namespace arch::riscv64
