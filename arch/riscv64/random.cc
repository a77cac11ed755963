// Jitter: the cycle counter if firmware lets us read it, and the clock.
#include "machine/random.h"

#include "arch/riscv64/csr.h"
#include "arch/riscv64/random.h"

namespace arch::riscv64 {
namespace {

constinit bool has_cycles = false;  // const after init_random()

}  // namespace

void init_random() { has_cycles = try_read_csr<Csr::kCycle>(); }

}  // namespace arch::riscv64

namespace kernel::machine {

u64 jitter() {
    const u64 time = arch::riscv64::read_time();
    if (!arch::riscv64::has_cycles) return time;
    return arch::riscv64::read_csr<arch::riscv64::Csr::kCycle>() ^ std::rotl(time, 32);
}

}  // namespace kernel::machine
