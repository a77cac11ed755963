// Text helpers: canonical numbers, rune cuts, quoting, words.
#include "base/text.h"

#include <gtest/gtest.h>

#include <string>

#include "base/fixed_string.h"

namespace kernel {
namespace {

std::string quoted(std::string_view text) {
    std::array<char, 128> buffer;
    BufferSink sink(buffer);
    put_quoted(sink, text);
    return std::string(sink.text());
}

TEST(Text, CanonicalDecimalRefusesEverythingElse) {
    EXPECT_EQ(parse_canonical_decimal("0").value(), 0u);
    EXPECT_EQ(parse_canonical_decimal("18446744073709551615").value(), ~u64{0});
    for (std::string_view bad : {"", "01", "+1", "-1", " 1", "1 ", "1a", "18446744073709551616"}) {
        EXPECT_EQ(parse_canonical_decimal(bad).error(), Error::kBadArg) << bad;
    }
}

TEST(Text, DecimalsAreWrittenBackwards) {
    std::array<char, 20> buffer;
    char* const end = buffer.data() + buffer.size();
    for (const u64 number : {u64{0}, u64{7}, u64{10}, u64{4096}, ~u64{0}}) {
        char* const begin = put_decimal_before(end, number);
        EXPECT_EQ(std::string(begin, end), std::to_string(number));
    }
}

TEST(Text, LeadingNumberReadsLikeAtoi) {
    EXPECT_EQ(parse_leading_number(" -12x"), -12);
    EXPECT_EQ(parse_leading_number("+7"), 7);
    EXPECT_EQ(parse_leading_number("x"), 0);
    EXPECT_EQ(parse_leading_number("99999999999999999999"), std::numeric_limits<i64>::max());
    EXPECT_EQ(parse_leading_number("-99999999999999999999"), std::numeric_limits<i64>::min());
}

TEST(Text, CNumbersHaveThreeRadixes) {
    EXPECT_EQ(parse_c_number("0x1F").value(), 31u);
    EXPECT_EQ(parse_c_number("017").value(), 15u);
    EXPECT_EQ(parse_c_number("0").value(), 0u);
    EXPECT_EQ(parse_c_number("17").value(), 17u);
    for (std::string_view bad : {"", "0x", "08", "1.5", "-1"})
        EXPECT_FALSE(parse_c_number(bad).ok()) << bad;
}

TEST(Text, CutsOnlyBetweenRunes) {
    const std::string_view text = "aé€😀";  // 1 + 2 + 3 + 4 bytes
    EXPECT_EQ(cut_at_rune(text, 10), text);
    EXPECT_EQ(cut_at_rune(text, 9), "aé€");
    EXPECT_EQ(cut_at_rune(text, 7), "aé€");
    EXPECT_EQ(cut_at_rune(text, 6), "aé€");
    EXPECT_EQ(cut_at_rune(text, 5), "aé");
    EXPECT_EQ(cut_at_rune(text, 2), "a");
    EXPECT_EQ(cut_at_rune(text, 0), "");
}

TEST(Text, CutsMalformedBytesAnywhere) {
    EXPECT_EQ(cut_at_rune("\x80\x80\x80\x80\x80", 4).size(), 4u);
    EXPECT_EQ(cut_at_rune("\xff\xff", 1).size(), 1u);
}

TEST(Text, QuotesAsRcDoes) {
    EXPECT_EQ(quoted("plain"), "plain");
    EXPECT_EQ(quoted(""), "''");
    EXPECT_EQ(quoted("it's"), "'it''s'");
    EXPECT_EQ(quoted("two words"), "'two words'");
}

TEST(Text, WordsHonourQuotes) {
    std::string_view rest = "  kill 'a b''c'\tx\n";
    std::array<char, 32> buffer;
    EXPECT_EQ(next_word(rest), "kill");
    EXPECT_EQ(unquote(next_word(rest), buffer), "a b'c");
    EXPECT_EQ(next_word(rest), "x");
    EXPECT_EQ(next_word(rest), "");
}

TEST(Text, StarredWordsAreSettings) {
    constexpr std::string_view kWords = "console=x *a=1  *flag\t*b=c=d *a=2 *e= *";
    EXPECT_EQ(starred_value(kWords, "a"), "1") << "the first counts";
    EXPECT_EQ(starred_value(kWords, "flag"), "");
    EXPECT_EQ(starred_value(kWords, "b"), "c=d");
    EXPECT_EQ(starred_value(kWords, "e"), "");
    EXPECT_EQ(starred_value(kWords, "console"), std::nullopt) << "not ours";
    EXPECT_EQ(starred_value(kWords, "fla"), std::nullopt);
    EXPECT_EQ(starred_value(kWords, "*a"), std::nullopt);
    EXPECT_EQ(starred_value("", "a"), std::nullopt);
}

TEST(FixedString, CutsAtARuneBoundary) {
    FixedString<4> text;
    text.assign("ab€");
    EXPECT_EQ(text.view(), "ab");
    text.format("{}{}", "a", "é!");
    EXPECT_EQ(text.view(), "aé");
}

}  // namespace
}  // namespace kernel
