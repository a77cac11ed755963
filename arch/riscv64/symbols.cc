// The symbol table that linker/symbols.py writes into the image.
#include "arch/riscv64/address_space.h"
#include "machine/backtrace.h"

namespace arch::riscv64 {
namespace {

/// The table. Each function, by address: half the bytes since the one before (two bytes, the low
/// one first), how much of its name is that of the one before (one byte), the rest of it, a NUL.
struct SymbolTable {
    u32 count;
    u32 text_size;
    u8 functions[];
};

extern "C" const SymbolTable symbol_table;

}  // namespace
}  // namespace arch::riscv64

namespace kernel::machine {

Symbol find_symbol(VirtAddr address) {
    using arch::riscv64::symbol_table;
    const u64 offset = address - VirtAddr::of(arch::riscv64::text_start);
    if (offset >= symbol_table.text_size) return {};
    std::array<char, Symbol::kNameMax> name{};
    usize length = 0;
    u64 start = 0;
    bool found = false;
    const u8* at = symbol_table.functions;
    for (u32 i = 0; i < symbol_table.count; ++i) {
        const u64 next = start + 2 * (at[0] + u64{at[1]} * 256);
        if (next > offset) break;
        found = true;
        start = next;
        length = at[2];
        for (at += 3; *at != 0; ++at) name[length++] = static_cast<char>(*at);
        ++at;
    }
    if (!found) return {};
    Symbol symbol{.name = {}, .offset = offset - start};
    symbol.name.assign({name.data(), length});
    return symbol;
}

}  // namespace kernel::machine
