// Parsing of /proc/n/status lines, as ps does it.
#include "shell/process_lines.h"

#include <gtest/gtest.h>

#include <string>

namespace kernel::shell {
namespace {

std::string status_line() {
    std::string line;
    const auto text = [&](std::string_view word, usize width) {
        line += word;
        line.append(width - word.size(), ' ');
    };
    text("init", 28);
    text("eve", 28);
    text("Await", 12);
    for (int number : {1, 22, 333, 4, 5, 0, 60, 10, 9}) {
        std::string digits = std::to_string(number);
        line.append(11 - digits.size(), ' ');
        line += digits + " ";
    }
    line.back() = '\n';
    return line;
}

TEST(ProcessLines, ParsesEveryColumn) {
    ProcessLine parsed;
    const ProcessLine* line = &parsed;
    ASSERT_TRUE(parse_status(7, status_line(), parsed));
    EXPECT_EQ(line->pid, 7u);
    EXPECT_EQ(line->text.view(), "init");
    EXPECT_EQ(line->user.view(), "eve");
    EXPECT_EQ(line->state.view(), "Await");
    EXPECT_EQ(line->user_ms, 1u);
    EXPECT_EQ(line->system_ms, 22u);
    EXPECT_EQ(line->real_ms, 333u);
    EXPECT_EQ(line->size_kib, 60u);
    EXPECT_EQ(line->base_priority, 10u);
    EXPECT_EQ(line->priority, 9u);
}

TEST(ProcessLines, RefusesWhatIsNotAWholeLine) {
    ProcessLine line;
    EXPECT_FALSE(parse_status(7, "", line));
    EXPECT_FALSE(parse_status(7, status_line().substr(1), line));
}

}  // namespace
}  // namespace kernel::shell
