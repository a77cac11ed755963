// The library, from inside: programs that check what it promises.
#include <gtest/gtest.h>

#include "tests/user/personality.h"

namespace user_tests {
namespace {

class LibraryTopics : public testing::TestWithParam<const char*> {};

TEST_P(LibraryTopics, KeepWhatTheyPromise) {
    const Files files = {{"/d", {.data = "", .mode = kDirectory | 0775}},
                         {"/d/a", {.data = "abc", .mtime = 5}},
                         {"/d/b", {.data = ""}},
                         {"/env", {.data = "", .mode = kDirectory | 0775}},
                         {"/env/list", {.data = std::string("a\0b\0c\0", 6)}}};
    const Outcome outcome = run({"library_checks", GetParam()}, "", files);
    EXPECT_EQ(outcome.out + outcome.err, "");
    EXPECT_EQ(outcome.status, "");
    EXPECT_EQ(outcome.trap, "");
}

INSTANTIATE_TEST_SUITE_P(All, LibraryTopics,
                         testing::Values("print", "floats", "verbs", "jumps", "paths",
                                         "expressions", "numbers", "texts", "runes", "words",
                                         "memory", "sorting", "time", "buffers", "directories",
                                         "variables"),
                         [](const auto& one) { return std::string(one.param); });

struct Expression {
    const char* expression;
    const char* text;
    const char* matches;
};

constexpr Expression kExpressions[] = {
    {"b", "abc", "0:1-2"},
    {"x", "abc", "no"},
    {"a*", "aaa", "0:0-3"},
    {"a*", "baa", "0:0-0"},
    {"a+", "baa", "0:1-3"},
    {"ab?c", "xac abc", "0:1-3"},
    {"a|ab|abc", "xabcd", "0:1-4"},
    {"(a|ab)(c|bcd)", "abcd", "0:0-4 1:0-1 2:1-4"},
    {"(a+)(b+)", "xaabbb", "0:1-6 1:1-3 2:3-6"},
    {"(a*)*", "aab", "0:0-2 1:0-2"},
    {"(a|b)*c", "abac", "0:0-4 1:2-3"},
    {"((a)|b)c", "bc", "0:0-2 1:0-1"},
    {"^a", "ba", "no"},
    {"^a", "ab", "0:0-1"},
    {"a$", "ab", "no"},
    {"b$", "ab", "0:1-2"},
    {"^$", "", "0:0-0"},
    {".", "\xc3\xa9x", "0:0-2"},
    {"[a-c]+", "xabcd", "0:1-4"},
    {"[^a-c]+", "abxyc", "0:2-4"},
    {"[\\]a]+", "x]a", "0:1-3"},
    {"[\\-x]+", "a-x", "0:1-3"},
    {"[\xc3\xa0-\xc3\xbf]", "a\xc3\xa9", "0:1-3"},
    {"\\.\\*", "a.*", "0:1-3"},
    {"(ab)+", "ababa", "0:0-4 1:2-4"},
    {"a**", "aa", "0:0-2"},
    {"(", "", "unmatched '('"},
    {"a)", "", "unmatched ')'"},
    {"*a", "", "missing operand"},
    {"a|*", "", "missing operand"},
    {"[", "", "malformed '[]'"},
    {"[]", "", "malformed '[]'"},
    {"[a-]", "", "malformed '[]'"},
    {"[z-a]", "", "malformed '[]'"},
    {"a\\", "", "trailing '\\'"},
    {"((((((((((((((((((((((((((((((((a))))))))))))))))))))))))))))))))", "", "too many '('"},
};

TEST(Regexp, FindsTheLongestLeftmostMatchAndItsParts) {
    std::string in, wanted;
    for (const Expression& row : kExpressions) {
        in += std::string(row.expression) + "\t" + row.text + "\n";
        wanted += std::string(row.matches) + "\n";
    }
    EXPECT_EQ(run({"regexp_checks"}, in).out, wanted);
}

TEST(Regexp, TakesNoLongerForExpressionsThatMakeOthersSlow) {
    // (a?){30}a{30}: backtracking would try 2^30 ways.
    std::string expression;
    for (int i = 0; i < 30; ++i) expression += "a?";
    expression += std::string(30, 'a');
    const Outcome outcome = run({"regexp_checks"}, expression + "\t" + std::string(30, 'a') + "\n");
    EXPECT_EQ(outcome.out, "0:0-30\n");
    EXPECT_LT(outcome.instructions, 2'000'000u);
}

}  // namespace
}  // namespace user_tests
