// An arena of pages that stands in for physical memory under the page tables.
#pragma once

#include "arch/riscv64/sv39/vocabulary.h"

namespace arch::riscv64::sv39::test {

/// Pages from kArenaBase on, seen through machine::direct_map.
inline constexpr u64 kArenaBase = 0x8000'0000;
inline constexpr usize kArenaPages = 256;

/// Forgets all pages; after `pages` more, next_page() fails.
void reset_arena(usize pages = kArenaPages);
/// A zeroed page, as a PageSource.
Result<PhysAddr> next_page();
usize pages_taken();

}  // namespace arch::riscv64::sv39::test
