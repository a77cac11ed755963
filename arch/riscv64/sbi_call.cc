// The firmware call itself.
#include "arch/riscv64/platform/sbi.h"

namespace arch::riscv64::sbi {

Reply call(Extension extension, u64 function, u64 arg0, u64 arg1, u64 arg2, u64 arg3) {
    register u64 a0 asm("a0") = arg0;
    register u64 a1 asm("a1") = arg1;
    register u64 a2 asm("a2") = arg2;
    register u64 a3 asm("a3") = arg3;
    register u64 a6 asm("a6") = function;
    register u64 a7 asm("a7") = static_cast<u64>(extension);
    // Chapter 3: all registers but a0 and a1 are kept.
    asm volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a3), "r"(a6), "r"(a7) : "memory");
    return {static_cast<Status>(a0), a1};
}

}  // namespace arch::riscv64::sbi
