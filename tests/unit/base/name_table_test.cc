// NameTable: each row by its name, nothing else by anything.
#include "base/name_table.h"

#include <gtest/gtest.h>

namespace kernel {
namespace {

struct Row {
    std::string_view name;
    int value;
};

constexpr Row kRows[] = {{"a", 1}, {"apple", 2}, {"apples", 3}, {"mango", 4}, {"zebra", 5}};
constexpr NameTable<Row> kTable(kRows);

TEST(NameTable, FindsEachRowByItsName) {
    for (const Row& row : kRows) {
        ASSERT_NE(kTable.find(row.name), nullptr) << row.name;
        EXPECT_EQ(kTable.find(row.name)->value, row.value);
    }
    EXPECT_EQ(kTable.size(), std::size(kRows));
    EXPECT_EQ(kTable.rows().data(), kRows);
}

TEST(NameTable, FindsNothingByWhatIsNoName) {
    for (const std::string_view name :
         {"", "b", "appl", "applesauce", "zebr", "zz", "Apple", "{", "`", "0", "\xff", "\x80\x80"}) {
        EXPECT_EQ(kTable.find(name), nullptr) << name;
    }
}

TEST(NameTable, ComparesBytesThatTheNameDoesNotHaveWithNothing) {
    constexpr std::string_view kLonger = "mangos";
    EXPECT_EQ(kTable.find(kLonger.substr(0, 5))->value, 4);
    EXPECT_EQ(kTable.find(kLonger.substr(0, 0)), nullptr);
}

}  // namespace
}  // namespace kernel
