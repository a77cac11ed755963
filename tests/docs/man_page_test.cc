// docs/man/proc.md against the tables that it is about.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "devproc/control_messages.h"
#include "devproc/file_table.h"

namespace kernel::devproc {
namespace {

/// The rows of the page's tables that begin with a name in backquotes.
std::multiset<std::string> rows_of_page() {
    std::ifstream page(PROCYON_MAN_PAGE);
    std::multiset<std::string> rows;
    for (std::string line; std::getline(page, line);) {
        if (line.starts_with("| `")) rows.insert(line);
    }
    return rows;
}

std::string mode(const File& file) {
    if (file.mode == File::kProcessMode) return "pm";
    std::ostringstream text;
    text << '0' << std::oct << file.mode;
    return text.str();
}

std::string use(Use how) {
    return how == Use::kReadOnly ? "r" : how == Use::kWriteOnly ? "w" : "rw";
}

std::string kernel_use(const File& file) {
    switch (file.kernel_use) {
        case KernelUse::kSame:
            return use(file.use);
        case KernelUse::kReadOnly:
            return "r";
        case KernelUse::kNone:
            return "none";
    }
    return "";
}

std::string also(const File& file) {
    return file.eve_only ? "eve" : file.secret ? "private" : file.for_all ? "all" : "";
}

TEST(ManPage, HasARowForEachFileAndMessage) {
    std::multiset<std::string> expected;
    const auto text = [](std::string_view view) { return std::string(view); };
    for (const File& file : process_files()) {
        expected.insert("| `" + text(file.name) + "` | " + mode(file) + " | " + use(file.use) +
                        " | " + kernel_use(file) + " | " + also(file) + " | " + text(file.help) +
                        " |");
    }
    for (const File& file : root_files()) {
        expected.insert("| `" + text(file.name) + "` | " + mode(file) + " | " + use(file.use) +
                        " | " + text(file.help) + " |");
    }
    for (const auto& table : {messages(), settings()}) {
        for (const Message& message : table) {
            expected.insert("| `" + text(message.usage) + "` | " + text(message.help) + " |");
        }
    }
    const std::multiset<std::string> page = rows_of_page();
    for (const std::string& row : expected) EXPECT_EQ(page.count(row), 1U) << row;
    for (const std::string& row : page) EXPECT_EQ(expected.count(row), 1U) << row;
}

/// What is between quotes in the lines of the source that make `info`'s.
std::vector<std::string> lines_of_info() {
    std::ifstream source(PROCYON_INFO_FILE);
    std::vector<std::string> names;
    const std::regex line(
        R"re((?:lines\.put(?:_mode|_flag)?\(|format_to\(sink, |sink\.write\()"([a-z]+)[" ])re");
    std::smatch found;
    for (std::string text; std::getline(source, text);) {
        if (std::regex_search(text, found, line)) names.push_back(found[1]);
    }
    return names;
}

TEST(ManPage, ExplainsEachLineOfInfo) {
    std::ifstream page(PROCYON_MAN_PAGE);
    std::string text;
    while (std::getline(page, text) && !text.starts_with("`info` has these lines")) continue;
    std::vector<std::string> names;
    for (int header = 4; std::getline(page, text) && !text.starts_with("## ");) {
        if (--header >= 1 || !text.starts_with("| ")) continue;
        std::istringstream cell(text.substr(2, text.find(" |") - 2));
        for (std::string name; cell >> name;) {
            if (name.ends_with(',')) name.pop_back();
            names.push_back(name);
        }
    }
    EXPECT_GT(names.size(), 30U);
    EXPECT_EQ(names, lines_of_info());
}

}  // namespace
}  // namespace kernel::devproc
