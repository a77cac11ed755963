// The check of a kernel's page tables against their invariants: nothing writable and executable, A
// and D preset, no writable alias of what must not change.
#pragma once

#include "arch/riscv64/sv39/page_table.h"
#include "arch/riscv64/sv39/vocabulary.h"

namespace arch::riscv64::sv39 {

/// What is wrong with a leaf.
enum class Violation : u8 {
    kNone,
    kNotAccessed,  // A is clear
    kNotDirty,     // writable, D is clear
    kWritableExecutable,
    kWriteOnly,          // a reserved combination
    kMisaligned,         // a large leaf whose page is not aligned to its size
    kReservedBits,       // bits 63..54, or an unused level
    kProtectedWritable,  // maps a page of the protected run for writing
    kUserPage,           // a kernel table maps a page for user mode
};
std::string_view violation_text(Violation violation);

struct TableReport {
    usize leaves = 0;
    usize executable_bytes = 0;
    Violation violation = Violation::kNone;  // the first found
    VirtAddr where;                          // the leaf it was found at
};

/// Walks all leaves. `read_only` is the run of memory that no leaf may map for writing: text and
/// constants. Cost: the size of the tables.
TableReport check_kernel_tables(const PageTable& tables, PhysRange read_only);

}  // namespace arch::riscv64::sv39
