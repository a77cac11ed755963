// The self-check of kernel page tables: sound ones pass, each kind of violation is found.
#include "arch/riscv64/sv39/self_check.h"

#include <gtest/gtest.h>

#include "tests/unit/sv39/arena.h"

namespace arch::riscv64::sv39 {
namespace {

using kernel::kMiB;
using test::next_page;

constexpr VirtAddr kText{0xffff'ffff'8000'0000};
constexpr VirtAddr kData{0xffff'ffff'8020'0000};
constexpr PhysRange kReadOnly{.start = {0x8020'0000}, .size = 0x4000};

class SelfCheck : public testing::Test {
protected:
    SelfCheck() : tables_(make()) {
        map({.at = kText,
             .to = kReadOnly.start,
             .size = kReadOnly.size,
             .access = Access::kReadExecute});
        map({.at = kData, .to = {0x8040'0000}, .size = 2 * kMiB, .access = Access::kReadWrite});
    }
    static PageTable make() {
        test::reset_arena();
        return PageTable(next_page().value());
    }
    void map(const Mapping& mapping) {
        ASSERT_TRUE(tables_.map(mapping, LeafLimit::kGigapage, next_page).ok());
    }
    void change(VirtAddr at, u64 clear, u64 set) {
        Atomic<u64>& entry = *tables_.find(at)->entry;
        entry.store((entry.load(std::memory_order_relaxed) & ~clear) | set,
                    std::memory_order_relaxed);
    }
    TableReport check() const { return check_kernel_tables(tables_, kReadOnly); }

    PageTable tables_;
};

TEST_F(SelfCheck, SoundTablesPass) {
    const TableReport report = check();
    EXPECT_EQ(report.violation, Violation::kNone);
    EXPECT_EQ(report.leaves, 5U);
    EXPECT_EQ(report.executable_bytes, kReadOnly.size);
}

TEST_F(SelfCheck, EachViolationIsFoundWhereItIs) {
    struct Case {
        VirtAddr at;
        u64 clear;
        u64 set;
        Violation expected;
    };
    const Case cases[] = {
        {kText + 0x1000, Pte::Accessed::kMask, 0, Violation::kNotAccessed},
        {kData, Pte::Dirty::kMask, 0, Violation::kNotDirty},
        {kData, 0, Pte::Execute::kMask, Violation::kWritableExecutable},
        {kData, Pte::Read::kMask, 0, Violation::kWriteOnly},
        {kData, 0, Pte::Frame::make(1), Violation::kMisaligned},
        {kText, 0, Pte::Reserved::make(4), Violation::kReservedBits},
        {kText, 0, Pte::User::kMask, Violation::kUserPage},
    };
    for (const Case& one : cases) {
        const u64 before = tables_.find(one.at)->pte.bits;
        change(one.at, one.clear, one.set);
        const TableReport report = check();
        EXPECT_EQ(report.violation, one.expected) << violation_text(report.violation);
        EXPECT_EQ(report.where, one.at);
        change(one.at, ~u64{0}, before);
        EXPECT_EQ(check().violation, Violation::kNone);
    }
}

TEST_F(SelfCheck, AWritableAliasOfTextIsFound) {
    map({.at = {0xffff'ffc0'8020'3000},
         .to = {0x8020'3000},
         .size = 0x2000,
         .access = Access::kReadWrite});
    EXPECT_EQ(check().violation, Violation::kProtectedWritable);
    EXPECT_EQ(check().where, (VirtAddr{0xffff'ffc0'8020'3000}));
}

}  // namespace
}  // namespace arch::riscv64::sv39
