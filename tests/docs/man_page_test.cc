// docs/man/proc.md against the tables that it is about.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

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

}  // namespace
}  // namespace kernel::devproc
