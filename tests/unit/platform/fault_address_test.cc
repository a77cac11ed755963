// stval as an address, whether the hart extends its sign or not.
#include "arch/riscv64/platform/fault_address.h"

#include <gtest/gtest.h>

#include "arch/riscv64/sv39/page_table.h"

namespace arch::riscv64 {
namespace {

TEST(FaultAddress, TheUpperHalfIsTheSameInBothForms) {
    for (const u64 address :
         std::initializer_list<u64>{0xffff'ffc0'0000'0000, 0xffff'ffff'8020'0000,
                                    0xffff'ffe0'1234'5678, 0xffff'ffff'ffff'ffff}) {
        const u64 cut = address & ((u64{1} << 39) - 1);
        EXPECT_EQ(fault_address(address).value, address) << "extended by the hart";
        EXPECT_EQ(fault_address(cut).value, address) << "erratum CIP-453";
        EXPECT_TRUE(sv39::is_canonical(fault_address(cut)));
    }
}

TEST(FaultAddress, TheLowerHalfStaysAsItIs) {
    for (const u64 address : std::initializer_list<u64>{0x0, 0x1000, 0x3f'ffff'ffff}) {
        EXPECT_EQ(fault_address(address).value, address);
    }
}

TEST(FaultAddress, WhatIsNotCanonicalIsNotMadeSo) {
    for (const u64 address :
         std::initializer_list<u64>{0x80'0000'0000, 0xc0'0000'0000, 0x8000'0040'0000'0000,
                                    0xffff'ff80'0000'0000, 0xffff'ffbf'ffff'ffff}) {
        EXPECT_EQ(fault_address(address).value, address);
        EXPECT_FALSE(sv39::is_canonical(fault_address(address)));
    }
}

}  // namespace
}  // namespace arch::riscv64
