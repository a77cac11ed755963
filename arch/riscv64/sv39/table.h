// A table: a page of entries, as hardware reads it.
#pragma once

#include "arch/riscv64/sv39/pte.h"
#include "arch/riscv64/sv39/vocabulary.h"

namespace arch::riscv64::sv39 {

/// Hardware reads it at any time and may set A and D. `Cell` is an atomic u64; models have their
/// own, and smaller tables.
template <class Cell, unsigned IndexBits>
struct alignas(sizeof(u64) << IndexBits) BasicTable {
    std::array<Cell, usize{1} << IndexBits> entries;  // atomic: [sv39.entry]
};

using Table = BasicTable<Atomic<u64>, 9>;
static_assert(sizeof(Table) == kPageSize);

}  // namespace arch::riscv64::sv39
