// The symbol table that linker/symbols.py writes into the image.
#include "arch/riscv64/address_space.h"
#include "machine/backtrace.h"

namespace arch::riscv64 {
namespace {

/// One function, both offsets in bytes.
struct Entry {
    u32 start;  // from text_start
    u32 name;   // from the first name
};

/// The table: entries by address, then the names, each with a NUL.
struct SymbolTable {
    u32 count;
    u32 text_size;
    Entry entries[];
};

extern "C" const SymbolTable symbol_table;

}  // namespace
}  // namespace arch::riscv64

namespace kernel::machine {

Symbol find_symbol(VirtAddr address) {
    using arch::riscv64::Entry;
    using arch::riscv64::symbol_table;
    const u64 offset = address - VirtAddr::of(arch::riscv64::text_start);
    const std::span<const Entry> entries{symbol_table.entries, symbol_table.count};
    if (entries.empty() || offset >= symbol_table.text_size) return {};
    const auto after = std::ranges::upper_bound(entries, offset, {}, &Entry::start);
    if (after == entries.begin()) return {};
    const Entry& found = *(after - 1);
    const char* names = reinterpret_cast<const char*>(entries.data() + entries.size());
    return {.name = names + found.name, .offset = offset - found.start};
}

}  // namespace kernel::machine
