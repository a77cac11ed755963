// The symbol table that linker/symbols.py writes into the image.
#include "arch/riscv64/address_space.h"
#include "machine/backtrace.h"

namespace arch::riscv64 {
namespace {

/// The table. Each function, by address: half the bytes since the one before (one byte, or two: the low seven bits with
/// 0x80, then the rest), how much of its name is that of the one before (one byte), the codes of the rest of it, a NUL.
/// A code from 0x80 stands for a pair of codes.
struct SymbolTable {
    u32 count;
    u32 text_size;
    u8 pairs[128][2];
    u8 functions[];
};

extern "C" const SymbolTable symbol_table;

/// A name while it is read.
struct Name {
    std::array<char, kernel::machine::Symbol::kNameMax> text{};
    usize length = 0;

    /// Adds what `code` stands for. Pairs are nested no deeper than 16, says symbols.py.
    void add(u8 code) {
        if (code >= 0x80) {
            add(symbol_table.pairs[code - 0x80][0]);
            add(symbol_table.pairs[code - 0x80][1]);
        } else if (length < text.size()) {
            text[length++] = static_cast<char>(code);
        }
    }
};

}  // namespace
}  // namespace arch::riscv64

namespace kernel::machine {

Symbol find_symbol(VirtAddr address) {
    using arch::riscv64::symbol_table;
    const u64 offset = address - VirtAddr::of(arch::riscv64::text_start);
    if (offset >= symbol_table.text_size) return {};
    arch::riscv64::Name name;
    u64 start = 0;
    bool found = false;
    const u8* at = symbol_table.functions;
    for (u32 i = 0; i < symbol_table.count; ++i) {
        u64 half = *at++;
        if (half >= 0x80) half = half % 0x80 + u64{*at++} * 0x80;
        const u64 next = start + 2 * half;
        if (next > offset) break;
        found = true;
        start = next;
        name.length = *at++;
        while (*at != 0) name.add(*at++);
        ++at;
    }
    if (!found) return {};
    Symbol symbol{.name = {}, .offset = offset - start};
    symbol.name.assign({name.text.data(), name.length});
    return symbol;
}

}  // namespace kernel::machine
