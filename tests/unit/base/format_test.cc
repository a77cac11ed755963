// The formatter: widths, alignments, radixes, braces, truncation.
#include "base/format.h"

#include <gtest/gtest.h>

#include <string>

namespace kernel {
namespace {

template <class... Args>
std::string formatted(FormatString<std::type_identity_t<Args>...> format, const Args&... args) {
    std::array<char, 256> buffer;
    return std::string(format_into(buffer, format, args...));
}

TEST(Format, PrintsEveryKindOfArgument) {
    EXPECT_EQ(formatted("{} {} {} {} {}", 1, -2, 'c', "text", true), "1 -2 c text true");
    EXPECT_EQ(formatted("{}", Error::kNotExist), "file does not exist");
    EXPECT_EQ(formatted("{}", reinterpret_cast<const void*>(0x80200000)), "0x0000000080200000");
}

TEST(Format, PadsNumbersRightAndTextLeftByDefault) {
    EXPECT_EQ(formatted("[{:11}] [{:5}]", 42u, "ab"), "[         42] [ab   ]");
    EXPECT_EQ(formatted("[{:<4}] [{:>4}]", 7, "ab"), "[7   ] [  ab]");
}

TEST(Format, FillsZerosBehindTheSign) {
    EXPECT_EQ(formatted("{:016x}", 0xabcu), "0000000000000abc");
    EXPECT_EQ(formatted("{:05}", -42), "-0042");
}

TEST(Format, PrintsTheExtremesOfSixtyFourBits) {
    EXPECT_EQ(formatted("{} {}", std::numeric_limits<i64>::min(), std::numeric_limits<u64>::max()),
              "-9223372036854775808 18446744073709551615");
}

TEST(Format, DoubledBracesPrintOne) { EXPECT_EQ(formatted("{{{}}}", 1), "{1}"); }

TEST(Format, PadsBeyondOneRunOfBlanks) {
    EXPECT_EQ(formatted("{:>40}", "x"), std::string(39, ' ') + "x");
}

TEST(BufferSink, CountsWhatDoesNotFit) {
    std::array<char, 4> buffer;
    BufferSink sink(buffer);
    format_to(sink, "{}", 1234567);
    EXPECT_EQ(sink.text(), "1234");
    EXPECT_EQ(sink.written(), 7u);
    EXPECT_TRUE(sink.truncated());
}

}  // namespace
}  // namespace kernel
