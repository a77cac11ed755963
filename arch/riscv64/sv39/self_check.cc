// The invariants of kernel page tables, leaf by leaf.
#include "arch/riscv64/sv39/self_check.h"

namespace arch::riscv64::sv39 {
namespace {

Violation check_leaf(const Leaf& leaf, PhysRange read_only) {
    const u64 bits = leaf.pte.bits;
    if (Pte::Accessed::get(bits) == 0) return Violation::kNotAccessed;
    if (leaf.pte.writable() && Pte::Dirty::get(bits) == 0) return Violation::kNotDirty;
    if (leaf.pte.writable() && leaf.pte.executable()) return Violation::kWritableExecutable;
    if (leaf.pte.writable() && Pte::Read::get(bits) == 0) return Violation::kWriteOnly;
    if (!kernel::is_aligned(leaf.pte.target().value, leaf.size())) return Violation::kMisaligned;
    if (Pte::Reserved::get(bits) != 0) return Violation::kReservedBits;
    if (Pte::User::get(bits) != 0) return Violation::kUserPage;
    const PhysRange maps{.start = leaf.pte.target(), .size = leaf.size()};
    if (leaf.pte.writable() && maps.overlaps(read_only)) return Violation::kProtectedWritable;
    return Violation::kNone;
}

}  // namespace

std::string_view violation_text(Violation violation) {
    switch (violation) {
        case Violation::kNone:
            return "none";
        case Violation::kNotAccessed:
            return "A is clear";
        case Violation::kNotDirty:
            return "writable with D clear";
        case Violation::kWritableExecutable:
            return "writable and executable";
        case Violation::kWriteOnly:
            return "writable but not readable";
        case Violation::kMisaligned:
            return "misaligned large page";
        case Violation::kReservedBits:
            return "reserved bits set";
        case Violation::kProtectedWritable:
            return "read-only memory mapped for writing";
        case Violation::kUserPage:
            return "a page for user mode";
    }
    return "unknown";
}

TableReport check_kernel_tables(const PageTable& tables, PhysRange read_only) {
    TableReport report;
    tables.for_each_leaf([&](const Leaf& leaf) {
        ++report.leaves;
        if (leaf.pte.executable()) report.executable_bytes += leaf.size();
        if (report.violation != Violation::kNone) return;
        report.violation = check_leaf(leaf, read_only);
        if (report.violation != Violation::kNone) report.where = leaf.at;
    });
    return report;
}

}  // namespace arch::riscv64::sv39
