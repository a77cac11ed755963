// The arena, and the one function of the machine that page tables need.
#include "tests/unit/sv39/arena.h"

#include <cstring>

#include "machine/memory.h"

namespace arch::riscv64::sv39::test {
namespace {

alignas(kPageSize) std::byte arena[kArenaPages][kPageSize];
usize taken = 0;
usize limit = kArenaPages;

}  // namespace

void reset_arena(usize pages) {
    taken = 0;
    limit = pages;
}
Result<PhysAddr> next_page() {
    if (taken == limit) return Error::kNoMemory;
    std::memset(arena[taken], 0, kPageSize);
    return PhysAddr{kArenaBase + taken++ * kPageSize};
}
usize pages_taken() { return taken; }

}  // namespace arch::riscv64::sv39::test

namespace kernel::machine {

VirtAddr direct_map(PhysAddr physical) {
    const u64 offset = physical.value - arch::riscv64::sv39::test::kArenaBase;
    return VirtAddr::of(&arch::riscv64::sv39::test::arena[0][0] + offset);
}

}  // namespace kernel::machine
